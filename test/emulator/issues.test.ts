// An App reads and writes issues as Yardmaster does, with the real Octokit as its client.
import { expect, test } from 'vitest'
import { REPO, scene } from './support/github.ts'

test('a labelled issue is found, commented on and closed', async () => {
  const { github, octokit } = await scene()
  const issue = github.openIssue({
    repo: 'acme/shop',
    as: 'ria',
    title: 'Price is wrong',
    body: 'It is 1.',
  })
  github.label({ repo: 'acme/shop', number: issue.number, as: 'ben', label: 'yardmaster' })

  const { data: found } = await octokit.rest.issues.listForRepo({ ...REPO, labels: 'yardmaster' })
  expect(found.map(({ number, title }) => ({ number, title }))).toEqual([
    { number: 1, title: 'Price is wrong' },
  ])

  const at = { ...REPO, issue_number: 1 }
  const { data: comment } = await octokit.rest.issues.createComment({
    ...at,
    body: 'Working on it',
  })
  expect(comment.performed_via_github_app?.slug).toBe('yardmaster')
  expect(comment.user?.login).toBe('yardmaster[bot]')
  await octokit.rest.issues.updateComment({ ...REPO, comment_id: comment.id, body: 'Done' })
  await octokit.rest.reactions.createForIssueComment({
    ...REPO,
    comment_id: comment.id,
    content: 'eyes',
  })
  await octokit.rest.issues.addLabels({ ...at, labels: ['yard:done'] })
  await octokit.rest.issues.removeLabel({ ...at, name: 'yardmaster' })
  await octokit.rest.issues.update({ ...at, state: 'closed', state_reason: 'completed' })

  expect(github.comments({ repo: 'acme/shop', number: 1 }).map(({ body }) => body)).toEqual([
    'Done',
  ])
  expect(github.labels({ repo: 'acme/shop', number: 1 })).toEqual(['yard:done'])
  const { data: events } = await octokit.rest.issues.listEvents(at)
  expect(events.map(({ event, actor }) => `${event} by ${actor?.login}`)).toEqual([
    'labeled by ben',
    'labeled by yardmaster[bot]',
    'unlabeled by yardmaster[bot]',
    'closed by yardmaster[bot]',
  ])
  const { data: timeline } = await octokit.rest.issues.listEventsForTimeline(at)
  expect(timeline.map(({ event }) => event)).toEqual([
    'labeled',
    'commented',
    'labeled',
    'unlabeled',
    'closed',
  ])
  const { data: again } = await octokit.rest.issues.get(at)
  expect(again).toMatchObject({ state: 'closed', state_reason: 'completed', comments: 1 })
  expect(github.violations).toEqual([])
})
