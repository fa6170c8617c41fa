/**
 * GitHub as a process of its own that answers the reconciler's questions at once, whatever is asked: every issue is open
 * and labelled, every pull request is open, nothing has changed. So that only our own processor time is measured.
 */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json, text } from 'node:stream/consumers'

const { body } = JSON.parse(await text(process.stdin)) as { readonly body: string }
const later = new Date(Date.now() + 3_600_000).toISOString()
const oid = 'b'.repeat(40)

interface Question {
  readonly query: string
  readonly variables: Readonly<Record<string, string | number>>
}

/** Repositories are named after their ids. */
const idOf = (name: string): number => Number(name.replace(/\D+/g, ''))

function answer({ query, variables }: Question): unknown {
  const databaseId = idOf(String(variables['name']))
  if (query.startsWith('query ReadHead'))
    return {
      databaseId,
      defaultBranchRef: { name: 'main', target: { oid } },
      object: { text: 'verify: [npm test]\n', isTruncated: false, isBinary: false },
    }
  const nodes: Record<string, unknown> = {}
  for (const [field, value] of Object.entries(variables)) {
    const number = Number(value)
    if (/^i\d+$/.test(field)) nodes[field] = issue(databaseId, number)
    if (/^p\d+$/.test(field)) nodes[field] = pull(number)
  }
  return { databaseId, ...nodes }
}

const issue = (repo: number, number: number) => ({
  databaseId: repo * 100_000 + number,
  number,
  title: `Issue ${number}`,
  body,
  state: 'OPEN',
  labels: { nodes: [{ name: 'yardmaster' }, { name: 'yard:needs-review' }] },
})

const pull = (number: number) => ({
  number,
  state: 'OPEN',
  headRefOid: 'a'.repeat(40),
  mergeable: 'MERGEABLE',
  mergeStateStatus: 'CLEAN',
  statusCheckRollup: { state: 'SUCCESS' },
  mergedBy: null,
  reviews: { nodes: [] },
})

const server = createServer((request, response) => {
  const reply = (status: number, value: unknown): void => {
    response.writeHead(status, { 'content-type': 'application/json', etag: '"same"' })
    response.end(status === 304 ? undefined : JSON.stringify(value))
  }
  const path = request.url ?? ''
  if (path.endsWith('/graphql'))
    void json(request).then((question) =>
      reply(200, { data: { repository: answer(question as Question) } }),
    )
  else if (path.includes('/access_tokens')) reply(201, { token: 'ghs_bench', expires_at: later })
  else if (path.includes('/labels')) reply(200, [{ id: 1, name: 'yardmaster' }])
  else if (path.includes('/issues'))
    reply(request.headers['if-none-match'] === undefined ? 200 : 304, [])
  else reply(404, { message: 'Not Found' })
})
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo
  const at = performance.timeOrigin + performance.now()
  const webhookUrl = `http://127.0.0.1:${port}`
  process.stdout.write(`${JSON.stringify({ kind: 'ready', at, webhookUrl })}\n`)
})
process.once('SIGTERM', () => process.exit(0))
