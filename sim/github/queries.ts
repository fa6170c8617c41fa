/** The GraphQL reads that the product makes, answered from the hub by their operation's name. */
import { stamp } from './hub.ts'
import type { Hub, SimComment, SimIssue, SimPull, SimRepo } from './hub.ts'
import { reviewNode } from './review-routes.ts'
import { Refusal } from './refusal.ts'
import type { Answer, Params } from './routes.ts'

export function answerQuery(hub: Hub, document: string, variables: Params): Answer {
  const name = /^query (\w+)/.exec(document)?.[1] ?? ''
  const repo = hub.find(String(variables['owner']), String(variables['name']))
  if (repo === null) throw new Refusal(404, 'Not Found')
  if (name === 'WordsEdits') {
    const comment = commentOf(repo, String(variables['words']))
    const at = comment?.rewordedAt
    const node = comment === null ? null : { lastEditedAt: at === undefined ? null : stamp(at) }
    if (comment !== null) comment.lookedAt = hub.now()
    return { data: { data: { repository: { databaseId: repo.id }, node } } }
  }
  return {
    data: { data: { repository: { databaseId: repo.id, ...fields(name, repo, variables) } } },
  }
}

function commentOf(repo: SimRepo, node: string): SimComment | null {
  for (const { comments } of repo.issues.values())
    for (const comment of comments) if (`IC_${comment.id}` === node) return comment
  return null
}

function fields(name: string, repo: SimRepo, variables: Params): object {
  switch (name) {
    case 'ReadHead':
      return {
        defaultBranchRef: { name: 'main', target: { oid: repo.head } },
        object: { text: repo.config, isTruncated: false, isBinary: false },
      }
    case 'LastEdited': {
      const issue = repo.issues.get(Number(variables['number']))
      if (issue === undefined || issue.gone) return { issue: null }
      const lastEditedAt = issue.editedAt === null ? null : stamp(issue.editedAt)
      return { issue: { lastEditedAt, timelineItems: { nodes: [] } } }
    }
    case 'PullNow': {
      const pull = repo.pulls.get(Number(variables['number']))
      return { pullRequest: pull === undefined ? null : pullNow(pull) }
    }
    case 'ReviewAsked': {
      const pull = repo.pulls.get(Number(variables['number']))
      const pullRequest = pull === undefined ? null : { reviewRequests: asked(pull) }
      return { github: null, root: null, docs: null, pullRequest }
    }
    case 'Observe':
      return Object.fromEntries(
        Object.entries(variables).flatMap(([key, number]): [string, unknown][] => {
          if (/^i\d+$/.test(key)) return [[key, issueNode(repo.issues.get(Number(number)))]]
          if (/^p\d+$/.test(key)) return [[key, pullNode(repo.pulls.get(Number(number)))]]
          return []
        }),
      )
    default:
      throw new Error(`nobody has taught the simulation the query ${name}`)
  }
}

function issueNode(issue: SimIssue | undefined): object | null {
  if (issue === undefined || issue.gone) return null
  const { id: databaseId, number, title, body, open } = issue
  const nodes = [...issue.labels].map((name) => ({ name }))
  return { databaseId, number, title, body, state: open ? 'OPEN' : 'CLOSED', labels: { nodes } }
}

function pullNode(pull: SimPull | undefined): object | null {
  if (pull === undefined) return null
  const state = pull.merged ? 'MERGED' : pull.open ? 'OPEN' : 'CLOSED'
  const by = pull.mergedBy
  const mergedBy = by === null ? null : { __typename: 'User', login: by.login, databaseId: by.id }
  return { number: pull.number, state, mergedBy, ...signsOf(pull) }
}

const signsOf = (pull: SimPull): object => ({
  headRefOid: pull.head,
  mergeable: pull.conflict ? 'CONFLICTING' : 'MERGEABLE',
  mergeStateStatus: pull.conflict ? 'DIRTY' : 'CLEAN',
  statusCheckRollup: pull.red.has(pull.head) ? { state: 'FAILURE' } : null,
  reviews: { nodes: pull.reviews.map(reviewNode) },
})

const asked = ({ reviewers }: SimPull): object => ({
  nodes: [...reviewers].map((login) => ({ requestedReviewer: { login } })),
})

/** The one required check, once it has failed. */
const redRun = {
  __typename: 'CheckRun',
  name: 'ci',
  status: 'COMPLETED',
  conclusion: 'FAILURE',
  isRequired: true,
  title: 'red',
  summary: 'It is red.',
  text: null,
  checkSuite: { app: { databaseId: 1 } },
  annotations: { nodes: [] },
}

function pullNow(pull: SimPull): object {
  return {
    ...pullNode(pull),
    ...signsOf(pull),
    url: `https://github.test/pull/${pull.number}`,
    createdAt: stamp(0),
    additions: 1,
    deletions: 0,
    changedFiles: 1,
    reviewRequests: asked(pull),
    statusCheckRollup: { contexts: { nodes: pull.red.has(pull.head) ? [redRun] : [] } },
  }
}
