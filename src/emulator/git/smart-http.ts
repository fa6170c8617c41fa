// git over HTTP, as clients of github.com speak it: fetch streams through, a push is answered once
// its consequences (refs, pull requests, webhooks) are drawn.
import { randomUUID } from 'node:crypto'
import { readFile, rm } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { allows, effective } from '../auth/permission.ts'
import { refsMoved } from '../change/refs.ts'
import type { Deps } from '../http/deps.ts'
import type { Fault } from '../http/faults.ts'
import { Refusal } from '../world/refusal.ts'
import type { Repository } from '../world/issue.ts'
import { gitAccess, gitCaller, type GitCaller } from './access.ts'
import { startBackend } from './http-backend.ts'
import { locked } from './lock.ts'
import { rewordReport } from './report-status.ts'

const GIT_PATH = /^\/([^/]+\/[^/]+?)(?:\.git)?\/(info\/refs|git-upload-pack|git-receive-pack)$/

type Ask = {
  readonly fullName: string
  readonly service: string
  readonly query: string
  /** `git-upload-pack` or `git-receive-pack`, also when it is only asked for refs. */
  readonly program: string
}

/** Whether this address belongs to git; everything else is for the router. */
export function gitAsk(url: string): Ask | null {
  const { pathname, search, searchParams } = new URL(url, 'http://localhost')
  const [, fullName, service] = GIT_PATH.exec(pathname) ?? []
  if (fullName === undefined || service === undefined) return null
  const program = service === 'info/refs' ? searchParams.get('service') : service
  if (program !== 'git-upload-pack' && program !== 'git-receive-pack') return null
  return { fullName: decodeURIComponent(fullName), service, query: search.slice(1), program }
}

export async function serveGit(
  deps: Deps,
  ask: Ask,
  io: { readonly req: IncomingMessage; readonly res: ServerResponse },
): Promise<void> {
  const { req, res } = io
  const started = performance.now()
  const { pathname } = new URL(req.url ?? '/', 'http://localhost')
  const operation = ask.service === 'info/refs' ? 'git-info-refs' : ask.program
  const method = req.method ?? 'GET'
  const fault = deps.faults.take({ method, path: pathname, operation })
  let caller: GitCaller = { kind: 'anonymous' }
  try {
    if (fault !== null && fault.applied !== 'before') {
      await strike(fault, io)
      return
    }
    caller = gitCaller(deps.world, req.headers.authorization)
    const write = ask.program === 'git-receive-pack'
    const repo = gitAccess(deps.world, caller, { fullName: ask.fullName, write })
    if (operation === 'git-receive-pack') await push(deps, io, { ask, repo, caller, fault })
    else await fetch(io, { ask, repo, caller })
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    res.writeHead(error.status, { 'content-type': 'text/plain', ...error.headers })
    res.end(`${String(error.body['message'])}\n`)
  } finally {
    const token = caller.kind === 'token' ? caller.token : null
    deps.journal.add({
      at: deps.world.now(),
      took: performance.now() - started,
      method,
      path: pathname,
      operation,
      status: res.statusCode,
      installation: token?.installation.id ?? null,
      app: token?.installation.app.id ?? null,
      points: 0,
      creates: false,
    })
  }
}

type Served = { readonly ask: Ask; readonly repo: Repository; readonly caller: GitCaller }
type Io = { readonly req: IncomingMessage; readonly res: ServerResponse }

async function fetch({ req, res }: Io, { ask, repo, caller }: Served): Promise<void> {
  const backend = await startBackend(req, {
    gitDir: repo.gitDir,
    service: `/${ask.service}`,
    query: ask.query,
    user: caller.kind === 'anonymous' ? null : caller.actor.user.login,
    env: {},
  })
  res.writeHead(backend.status, Object.fromEntries(backend.headers))
  res.write(backend.first)
  // A client that hangs up in the middle is its own affair.
  await pipeline(backend.stream, res).catch(() => backend.child.kill())
}

async function push(
  deps: Deps,
  { req, res }: Io,
  { ask, repo, caller, fault }: Served & { readonly fault: Fault | null },
): Promise<void> {
  if (caller.kind === 'anonymous') throw new Error('an anonymous push was let through')
  const { actor } = caller
  const reasons = join(repo.gitDir, `reasons-${randomUUID()}`)
  const answer = await locked(repo, async () => {
    const backend = await startBackend(req, {
      gitDir: repo.gitDir,
      service: `/${ask.service}`,
      query: ask.query,
      user: actor.user.login,
      env: { ...hookEnv(repo, caller), EMULATOR_REASONS: reasons },
    })
    const chunks: Buffer[] = [backend.first]
    for await (const chunk of backend.stream) chunks.push(chunk as Buffer)
    await refsMoved(deps.world, repo, actor)
    const body = rewordReport(Buffer.concat(chunks), await readReasons(reasons))
    return { status: backend.status, headers: backend.headers, body }
  })
  if (fault !== null) {
    await strike(fault, { req, res })
    return
  }
  res.writeHead(answer.status, Object.fromEntries(answer.headers))
  res.end(answer.body)
}

function hookEnv(repo: Repository, caller: GitCaller): Readonly<Record<string, string>> {
  const refs = [...repo.protectedBranches.keys()].map((branch) => `refs/heads/${branch}`)
  const mayWriteWorkflows =
    caller.kind !== 'token' || allows(effective(caller.token), 'workflows:write')
  return {
    EMULATOR_PROTECTED: refs.join(' '),
    EMULATOR_DEFAULT: `refs/heads/${repo.defaultBranch}`,
    EMULATOR_WORKFLOWS: mayWriteWorkflows ? 'allow' : 'deny',
  }
}

async function readReasons(file: string): Promise<ReadonlyMap<string, string>> {
  const text = await readFile(file, 'utf8').catch(() => '')
  if (text !== '') await rm(file, { force: true })
  const lines = text.split('\n').filter((line) => line !== '')
  return new Map(
    lines.map((line) => {
      const tab = line.indexOf('\t')
      return [line.slice(0, tab), line.slice(tab + 1)]
    }),
  )
}

async function strike({ answer }: Fault, { req, res }: Io): Promise<void> {
  if (typeof answer === 'object') {
    res.writeHead(answer.status, { 'content-type': 'text/plain', ...answer.headers })
    res.end(typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body ?? ''))
    return
  }
  if (answer === 'timeout') await new Promise<void>((resolve) => res.once('close', () => resolve()))
  req.socket.destroy()
}
