/** A measured process: started with settings, heard line by line, watched in /proc, ended by its own id. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { YardNews } from './yard-process.ts'

export interface Child {
  readonly pid: number
  readonly webhookUrl: string
  /** When it was spawned; milliseconds since 1970 with a fraction. */
  readonly spawnedAt: number
  /** From spawn to its word that it is ready, in milliseconds. */
  readonly startup: number
  /** When the agent of each task was started, by task; the latest. */
  readonly agents: ReadonlyMap<string, number>
  cpuSeconds(): number
  /** Resident memory in MiB. */
  rss(): number
  stop(): Promise<void>
  /** kill -9 */
  kill(): Promise<void>
}

const READY = 60_000
/** The kernel counts processor time in hundredths of a second on every Linux in use. */
const TICKS = 100

export async function startChild(script: string, settings: unknown): Promise<Child> {
  const begun = performance.timeOrigin + performance.now()
  const child = spawn(process.execPath, [fileURLToPath(new URL(script, import.meta.url))], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  child.stdin.end(JSON.stringify(settings))
  const agents = new Map<string, number>()
  const ready = await new Promise<Extract<YardNews, { kind: 'ready' }>>((resolve, reject) => {
    const late = setTimeout(
      () => reject(new Error(`${script} was not ready in ${READY / 1000} s`)),
      READY,
    )
    child.once('exit', (code) => reject(new Error(`${script} ended with ${code}`)))
    createInterface(child.stdout).on('line', (line) => {
      const news: YardNews = JSON.parse(line)
      if (news.kind === 'agent') agents.set(news.task, news.at)
      else {
        clearTimeout(late)
        resolve(news)
      }
    })
  })
  async function end(signal: NodeJS.Signals): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return
    const exited = once(child, 'exit')
    child.kill(signal)
    await exited
  }
  const { pid } = child
  if (pid === undefined) throw new Error(`${script} has no process`)
  return {
    pid,
    webhookUrl: ready.webhookUrl,
    spawnedAt: begun,
    startup: ready.at - begun,
    agents,
    cpuSeconds() {
      const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
      return (Number(fields[11]) + Number(fields[12])) / TICKS
    },
    rss: () =>
      Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024,
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
  }
}
