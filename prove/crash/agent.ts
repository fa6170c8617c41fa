/**
 * A coding agent that does what the issue orders, and holds a line to whoever watches: it says when it began and,
 * every few milliseconds, that it still lives. It stands alone, so that a repository can
 * hold it: what a jail shows of the machine is then enough to run it.
 */
import { readFileSync, readlinkSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { createInterface } from 'node:readline'

/** Written into an issue as `agent:{…}` on one line. */
export interface AgentOrders {
  /** Names the task among all that are watched. */
  readonly key: string
  readonly milliseconds?: number
  readonly file?: string
  /** It outlives the end of its input and a polite signal. */
  readonly stay?: boolean
  /** The first so many attempts never end. */
  readonly hangs?: number
  /** The first so many attempts fail. */
  readonly crashes?: number
  /** The first so many attempts kill the process that runs them. */
  readonly kills?: number
}

/** What it tells its watcher, one line each. */
export type AgentWord =
  | { readonly key: string; readonly pid: number; readonly namespace: string; readonly at: number }
  | { readonly beat: number }

const [port = '0', refused] = process.argv.slice(2)
/** The machine's monotonic clock, the same in all its processes. Milliseconds. */
const now = (): number => Number(process.hrtime.bigint() / 1_000n) / 1_000
const began = now()

const send = (message: object): void =>
  void process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`)

const FOR_EVER = 1e9
let stays = false
async function work(prompt: string): Promise<void> {
  const found = /^agent:(\{.*\})$/m.exec(prompt)?.[1]
  if (found === undefined) throw new Error('there are no orders in the prompt')
  const orders = JSON.parse(found) as AgentOrders
  stays = orders.stay ?? false
  if (stays) process.on('SIGTERM', () => {})
  const nth = await report(orders.key)
  if (nth <= (orders.kills ?? 0)) process.kill(parentOf(process.ppid), 'SIGKILL')
  if (nth <= (orders.crashes ?? 0)) process.exit(3)
  const rest = nth <= (orders.hangs ?? 0) ? FOR_EVER : (orders.milliseconds ?? 0)
  await new Promise((resolve) => setTimeout(resolve, rest))
  writeFileSync(orders.file ?? 'work.txt', `Done by ${process.pid}.\n`)
}

/** Agents are children of a small process, and that is a child of the app. */
function parentOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])
}

/** Gives how many attempts of this task have reported, this one included. */
async function report(key: string): Promise<number> {
  const line = connect(Number(port), '127.0.0.1')
  line.on('error', () => {})
  const tell = (word: AgentWord): void => void line.write(`${JSON.stringify(word)}\n`)
  tell({ key, pid: process.pid, namespace: readlinkSync('/proc/self/ns/pid'), at: began })
  const nth = await new Promise<number>((resolve) =>
    line.once('data', (chunk) => resolve(Number(chunk.toString()))),
  )
  setInterval(() => tell({ beat: now() }), 10).unref()
  line.unref()
  return nth
}

createInterface({ input: process.stdin })
  .on('line', (text) => {
    const { id, method, params } = JSON.parse(text) as Message
    const reply = (result: object): void => send({ id, result })
    if (method === 'initialize') reply({ protocolVersion: 1, agentCapabilities: {} })
    else if (method === 'session/new' && refused !== undefined)
      send({ id, error: { code: -32000, message: 'Authentication required' } })
    else if (method === 'session/new') reply({ sessionId: 's' })
    else if (method === 'session/prompt') {
      const prompt = (params?.prompt ?? []).map((part) => part.text ?? '').join('\n')
      void work(prompt).then(() => reply({ stopReason: 'end_turn' }))
    }
  })
  .on('close', () => {
    if (!stays) process.exit(0)
  })

interface Message {
  readonly id?: unknown
  readonly method?: string
  readonly params?: { readonly prompt?: readonly { readonly text?: string }[] }
}
