// Reviews with comments on lines: what people do, what the App is told, and what it reads and
// answers over REST and GraphQL.
import { expect, test } from 'vitest'
import { folder, git, remote } from './support/git.ts'
import { REPO, scene, type Scene } from './support/github.ts'
import { status } from './support/status.ts'
import { TALKER } from './support/talker.ts'

const BEN = { repo: 'acme/shop', as: 'ben' }
const ANA = { repo: 'acme/shop', as: 'ana', number: 1 }
const PULL = { ...REPO, pull_number: 1 }
const TEN = Array.from({ length: 10 }, (_, at) => `line ${at + 1}`)
const text = (lines: readonly string[]): string => `${lines.join('\n')}\n`

/** `list.txt` of ten lines on main; on the branch line 5 is another. */
async function opened(): Promise<Scene> {
  const stage = await scene({ manifest: TALKER })
  const { github, hooks } = stage
  await github.pushFiles({ ...BEN, branch: 'main', files: { 'list.txt': text(TEN) }, message: 'a' })
  const files = { 'list.txt': text(TEN.with(4, 'LINE FIVE')) }
  await github.pushFiles({ ...BEN, branch: 'fix', files, message: 'b' })
  await github.openPull({ ...BEN, title: 'Better', head: 'fix' })
  await github.whenIdle()
  hooks.length = 0
  return stage
}

const told = ({ hooks }: Scene): readonly string[] =>
  hooks.map(({ event, payload }) => `${event} ${String(payload['action'])}`)

test('a review with comments on lines is told whole, and read comment by comment', async () => {
  const stage = await opened()
  const { github, hooks, octokit } = stage
  const review = await github.review({
    ...ANA,
    event: 'REQUEST_CHANGES',
    body: 'Not yet',
    comments: [
      { path: 'list.txt', line: 5, body: 'Why capitals?' },
      { path: 'list.txt', line: 5, side: 'LEFT', body: 'This was better' },
      { path: 'list.txt', startLine: 4, line: 6, body: 'All of it' },
    ],
  })
  await github.whenIdle()
  expect(told(stage)).toEqual([
    'pull_request_review submitted',
    'pull_request_review_comment created',
    'pull_request_review_comment created',
    'pull_request_review_comment created',
  ])
  expect(hooks[0]?.payload).toMatchObject({
    review: { id: review.id, state: 'changes_requested', body: 'Not yet' },
    sender: { login: 'ana' },
  })
  expect(hooks[1]?.payload).toMatchObject({
    comment: { pull_request_review_id: review.id, line: 5, side: 'RIGHT', body: 'Why capitals?' },
  })
  const { data: all } = await octokit.rest.pulls.listReviewComments(PULL)
  expect(all.map((one) => [one.line, one.side, one.start_line, one.position])).toEqual([
    [5, 'RIGHT', null, 5],
    [5, 'LEFT', null, 4],
    [6, 'RIGHT', 4, 6],
  ])
  expect(all[0]?.diff_hunk).toBe(
    '@@ -2,7 +2,7 @@ line 1\n line 2\n line 3\n line 4\n-line 5\n+LINE FIVE',
  )
  const ofReview = { ...PULL, review_id: review.id }
  expect((await octokit.rest.pulls.listCommentsForReview(ofReview)).data).toHaveLength(3)
  expect((await octokit.rest.pulls.get(PULL)).data.review_comments).toBe(3)
  expect(github.violations).toEqual([])
})

test('a comment outside of the changes is refused, and so is a verdict without words', async () => {
  const { github, octokit } = await opened()
  const place = (line: number, path = 'list.txt') => ({ ...ANA, line, path, body: 'Here' })
  await expect(github.commentOnLine(place(10))).rejects.toThrow('must be part of the diff')
  await expect(github.commentOnLine(place(1, 'README.md'))).rejects.toThrow('path is invalid')
  await expect(github.review({ ...ANA, event: 'COMMENT' })).rejects.toThrow('Validation Failed')
  expect(github.reviews(ANA)).toEqual([])
  const silent = octokit.rest.pulls.createReview({ ...PULL, event: 'REQUEST_CHANGES' })
  expect(await status(silent)).toBe(422)
})

test('a pending review is nobody else’s business until it is submitted', async () => {
  const stage = await opened()
  const { github, octokit } = stage
  const comments = [{ path: 'list.txt', line: 5, body: 'Hm' }]
  const review = await github.review({ ...ANA, event: null, comments })
  await github.whenIdle()
  expect(told(stage)).toEqual([])
  expect((await octokit.rest.pulls.listReviews(PULL)).data).toEqual([])
  expect((await octokit.rest.pulls.listReviewComments(PULL)).data).toEqual([])
  await expect(github.review({ ...ANA, event: null })).rejects.toThrow('one pending review')
  github.submitReview({ ...ANA, id: review.id, event: 'COMMENT' })
  github.editReview({ ...ANA, id: review.id, body: 'On second thought' })
  github.requestReview({ ...BEN, number: 1, from: 'ria' })
  github.cancelReviewRequest({ ...BEN, number: 1, from: 'ria' })
  const verdict = await github.review({ ...ANA, event: 'APPROVE' })
  github.dismissReview({ ...BEN, number: 1, id: verdict.id, message: 'Too early' })
  await github.whenIdle()
  expect(told(stage)).toEqual([
    'pull_request_review submitted',
    'pull_request_review_comment created',
    'pull_request_review edited',
    'pull_request review_requested',
    'pull_request review_request_removed',
    'pull_request_review submitted',
    'pull_request_review dismissed',
  ])
  const { data } = await octokit.rest.issues.listEvents({ ...REPO, issue_number: 1 })
  expect(data.at(-1)).toMatchObject({
    event: 'review_dismissed',
    dismissed_review: { state: 'approved', dismissal_message: 'Too early' },
  })
  expect(github.violations).toEqual([])
})

test('lines move with pushes, and a changed line makes its thread outdated', async () => {
  const stage = await opened()
  const { github, octokit } = stage
  const { id } = await github.commentOnLine({ ...ANA, path: 'list.txt', line: 5, body: 'Why?' })
  const lines = async (): Promise<readonly unknown[]> => {
    const { data } = await octokit.rest.pulls.getReviewComment({ ...REPO, comment_id: id })
    return [data.line, data.original_line, data.position]
  }
  const push = async (files: Readonly<Record<string, string>>): Promise<string> =>
    github.pushFiles({ ...BEN, branch: 'fix', files, message: 'c' })
  const longer = ['line 0', ...TEN.with(4, 'LINE FIVE')]
  const moved = await push({ 'list.txt': text(longer) })
  expect(await lines()).toEqual([6, 5, 7])
  expect(github.threads(ANA)[0]).toMatchObject({ commitId: moved, outdated: false })
  await push({ other: 'o' })
  expect(await lines()).toEqual([6, 5, 7])
  await push({ 'list.txt': text(longer.with(5, 'Line five')) })
  expect(await lines()).toEqual([null, 5, null])
  const [thread] = github.threads(ANA)
  expect(thread?.outdated).toBe(true)
  expect(thread?.commitId).not.toBe(github.pull(ANA).pull.head.sha)
  expect(github.violations).toEqual([])
})

test('a base merged into the head is no change of the pull request', async () => {
  const { github, octokit } = await opened()
  const { id } = await github.commentOnLine({ ...ANA, path: 'list.txt', line: 5, body: 'Why?' })
  const side = { ...BEN, files: { 'side.txt': 'x\n' }, message: 'aside' }
  await github.pushFiles({ ...side, branch: 'main' })
  const clone = await folder()
  await git(clone, 'clone', '-q', remote(github.url, 'acme/shop', 'ben:ben'), '.')
  await git(clone, 'checkout', '-q', 'fix')
  await git(clone, 'merge', '-q', '-m', 'Merge main', 'origin/main')
  await git(clone, 'push', '-q', 'origin', 'fix')
  const { data } = await octokit.rest.pulls.listFiles(PULL)
  expect(data.map(({ filename }) => filename)).toEqual(['list.txt'])
  const { data: commits } = await octokit.rest.pulls.listCommits(PULL)
  expect(commits.map(({ commit }) => commit.message)).toEqual(['b', 'Merge main'])
  const comment = await octokit.rest.pulls.getReviewComment({ ...REPO, comment_id: id })
  expect(comment.data).toMatchObject({ line: 5, commit_id: await git(clone, 'rev-parse', 'HEAD') })
  expect(github.violations).toEqual([])
})

test('the App answers in a thread, reacts, and hears that it is resolved', async () => {
  const stage = await opened()
  const { github, hooks, octokit } = stage
  const asked = await github.commentOnLine({ ...ANA, path: 'list.txt', line: 5, body: 'Why?' })
  const answer = await octokit.rest.pulls.createReplyForReviewComment({
    ...PULL,
    comment_id: asked.id,
    body: 'Done in abc.',
  })
  expect(answer.data).toMatchObject({ in_reply_to_id: asked.id, line: 5 })
  const old = await octokit.rest.pulls.createReviewComment({
    ...PULL,
    commit_id: github.pull(ANA).pull.head.sha,
    path: 'list.txt',
    in_reply_to: asked.id,
    body: 'And said.',
  })
  expect(old.data.in_reply_to_id).toBe(asked.id)
  const deep = octokit.rest.pulls.createReplyForReviewComment({
    ...PULL,
    comment_id: answer.data.id,
    body: 'x',
  })
  expect(await status(deep)).toBe(422)
  const on = { ...REPO, comment_id: asked.id }
  const react = async () =>
    octokit.rest.reactions.createForPullRequestReviewComment({ ...on, content: 'rocket' })
  expect([(await react()).status, (await react()).status]).toEqual([201, 200])
  const [reaction] = (await octokit.rest.reactions.listForPullRequestReviewComment(on)).data
  await octokit.rest.reactions.deleteForPullRequestComment({
    ...on,
    reaction_id: reaction?.id ?? 0,
  })

  await github.whenIdle()
  hooks.length = 0
  github.resolveThread({ repo: 'acme/shop', as: 'ben', id: asked.id })
  expect(() => github.unresolveThread({ repo: 'acme/shop', as: 'ria', id: asked.id })).toThrow(
    'write',
  )
  await github.whenIdle()
  expect(hooks.map(({ payload }) => payload)).toMatchObject([
    {
      action: 'resolved',
      thread: { comments: [{ id: asked.id }, {}, {}] },
      sender: { login: 'ben' },
    },
  ])
  expect(github.violations).toEqual([])
})

const QUERY = `query ($owner: String!, $repo: String!) {
  repository(owner: $owner, name: $repo) {
    pullRequest(number: 1) {
      reviewDecision
      reviews(first: 10) { nodes { state author { login } } }
      reviewRequests(first: 5) { nodes { requestedReviewer { ... on User { login } } } }
      reviewThreads(first: 10) {
        nodes {
          id isResolved isOutdated path line resolvedBy { login }
          comments(first: 10) { totalCount nodes { databaseId body author { login } } }
        }
      }
    }
  }
}`

test('GraphQL tells of threads and decisions, and the App resolves and answers there', async () => {
  const { github, octokit } = await opened()
  github.protectBranch({ repo: 'acme/shop', as: 'ana', branch: 'main', approvals: 1 })
  github.requestReview({ ...BEN, number: 1, from: 'ana' })
  type Seen = { repository: { pullRequest: { reviewThreads: { nodes: { id: string }[] } } } }
  const read = async () => (await octokit.graphql<Seen>(QUERY, REPO)).repository.pullRequest
  expect(await read()).toMatchObject({
    reviewDecision: 'REVIEW_REQUIRED',
    reviewRequests: { nodes: [{ requestedReviewer: { login: 'ana' } }] },
  })
  const comments = [{ path: 'list.txt', line: 5, body: 'Why?' }]
  await github.review({ ...ANA, event: 'REQUEST_CHANGES', body: 'No', comments })
  await github.review({ ...ANA, as: 'ria', event: 'APPROVE' })
  const seen = await read()
  expect(seen).toMatchObject({
    reviewDecision: 'CHANGES_REQUESTED',
    reviews: { nodes: [{ state: 'CHANGES_REQUESTED' }, { state: 'APPROVED' }] },
    reviewRequests: { nodes: [] },
    reviewThreads: { nodes: [{ isResolved: false, isOutdated: false, line: 5 }] },
  })
  const thread = seen.reviewThreads.nodes[0]?.id
  await octokit.graphql(
    `mutation ($thread: ID!) {
      said: addPullRequestReviewThreadReply(
        input: { pullRequestReviewThreadId: $thread, body: "Done" }
      ) { comment { id body } }
      settled: resolveReviewThread(input: { threadId: $thread, clientMutationId: "m" }) {
        clientMutationId
        thread { isResolved }
      }
    }`,
    { thread },
  )
  await github.review({ ...ANA, event: 'APPROVE' })
  expect(await read()).toMatchObject({
    reviewDecision: 'APPROVED',
    reviewThreads: {
      nodes: [
        { isResolved: true, resolvedBy: { login: 'talker[bot]' }, comments: { totalCount: 2 } },
      ],
    },
  })
  expect(github.violations).toEqual([])
})
