/** What the demo counts on GitHub can be counted there: each kind of duplicate, and each comment that wants nothing of anybody. */
import { expect, it } from 'vitest'
import { tally } from '../../src/cli/demo/tally.ts'
import { REPO, scene } from '../emulator/support/github.ts'

const repo = `${REPO.owner}/${REPO.repo}`
const mark = (operation: string): string => `<!-- yardmaster:1 ${operation} ${'0'.repeat(64)} -->`
const RECORD = `<!-- yardmaster-record:1 e30= ${'0'.repeat(64)} -->`

/** An issue that Yardmaster has worked, without anything that would count. */
async function worked() {
  const { github, octokit } = await scene()
  const board = {
    owner: 'acme',
    project: github.createProject({ owner: 'acme', title: 'Y' }).number,
  }
  const { number } = github.openIssue({ repo, as: 'ria', title: 'Help' })
  const say = (on: number, body: string) =>
    octokit.rest.issues.createComment({ ...REPO, issue_number: on, body })
  await say(number, `At work.\n${RECORD}${mark('status')}`)
  await say(number, `@ana, one decision is yours.${mark('question.1')}`)
  github.comment({ repo, number, as: 'ben', body: 'Nice.' })
  const head = await github.pushFiles({
    repo,
    as: 'ben',
    branch: `yardmaster/${number}`,
    files: { 'a.txt': 'a\n' },
    message: 'a',
  })
  const open = () =>
    octokit.rest.pulls.create({
      ...REPO,
      title: 'a',
      head: `yardmaster/${number}`,
      base: 'main',
    })
  const check = () => octokit.rest.checks.create({ ...REPO, name: 'yardmaster', head_sha: head })
  const { data: pull } = await open()
  await check()
  const { id } = await github.commentOnLine({
    repo,
    number: pull.number,
    as: 'ben',
    path: 'a.txt',
    line: 1,
    side: 'RIGHT',
    body: 'Why?',
  })
  const reply = () =>
    octokit.rest.pulls.createReplyForReviewComment({
      ...REPO,
      pull_number: pull.number,
      comment_id: id,
      body: 'Worked on.',
    })
  await reply()
  return {
    count: () => tally(github, repo, board),
    check,
    number,
    reply,
    say,
    openAnother: () => {
      github.closePull({ repo, number: pull.number, as: 'ben' })
      return open()
    },
    openDigest: () => octokit.rest.issues.create({ ...REPO, title: 'What waits for review' }),
  }
}

it('finds nothing where everything stands once and is needed', async () => {
  const { count, openDigest } = await worked()
  await openDigest()
  expect(count()).toEqual({ duplicates: 0, unneeded: 0 })
})

type Worked = Awaited<ReturnType<typeof worked>>

it.each<readonly [string, (at: Worked) => Promise<unknown>]>([
  ['status comment', ({ number, say }) => say(number, `Again.\n${RECORD}${mark('status')}`)],
  ['question', ({ number, say }) => say(number, `@ana, once more.${mark('question.1')}`)],
  ['pull request for a branch', ({ openAnother }) => openAnother()],
  ['check run for a head', ({ check }) => check()],
  ['reply in a thread', ({ reply }) => reply()],
  ['issue of its own', ({ openDigest }) => openDigest().then(openDigest)],
])('counts a second %s', async (_, repeat) => {
  const at = await worked()
  await repeat(at)
  expect(at.count()).toEqual({ duplicates: 1, unneeded: 0 })
})

it('counts comments that want nothing of anybody, on issues and pull requests', async () => {
  const { count, number, say } = await worked()
  await say(number, `Still at work.${mark('chatter.1')}`)
  await say(number, `Nearly there.${mark('chatter.2')}`)
  expect(count()).toEqual({ duplicates: 0, unneeded: 2 })
})
