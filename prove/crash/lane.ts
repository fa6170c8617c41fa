/**
 * Keeps one Yardmaster alive over its lives, as a supervisor would: a life that ends is followed by the next on the
 * same data. The GitHub beside it never dies.
 */
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { App, Emulator } from '../../src/emulator/emulator.ts'
import type { Failpoint } from './failpoints.ts'
import type { Inspection } from './inspect.ts'
import type { LifeSettings, Order, Word } from './life.ts'
import { until } from './until.ts'

export interface Lane {
  readonly settings: LifeSettings
  /** Lives that have ended so far. */
  readonly deaths: () => number
  /** How the last one ended. */
  readonly lastEnd: () => { readonly code: number | null; readonly signal: string | null } | null
  /** The process id of the present life, ready or not. */
  readonly pid: () => number | null
  /** Resolves once a life is ready. */
  up(): Promise<{ readonly url: string }>
  /** Kills at that point, in the present life or (`next`) from the start of the next one. */
  arm(failpoint: Failpoint, when?: 'now' | 'next'): Promise<void>
  /** Each further life begins with the next of these armed, as long as there are any. */
  follow(failpoints: readonly Failpoint[]): void
  signal(name: NodeJS.Signals): void
  /** From here on its GitHub tells this lane. */
  hear(): void
  /** Kills it and waits until it is gone; the next one is on its way then. */
  kill(): Promise<void>
  /** A pass of the reconciler, in whichever life gets through with it. */
  reconcile(): Promise<void>
  /** Ends all rests, as if their time had passed. */
  rested(): Promise<void>
  inspect(): Promise<Inspection>
  /** Resolves once it has looked at the repository: labels from then on are wishes. */
  knows(repo: string): Promise<void>
  /** Resolves once nothing is under way any more. */
  quiet(): Promise<Inspection>
  /** Ends the present life by SIGTERM, and no other follows. Gives its exit code. */
  close(): Promise<number | null>
  /** What lives said on stderr. */
  readonly errors: () => string
}

type Asked = Exclude<Order['kind'], 'live' | 'arm'>

export interface LaneOptions {
  readonly emulator: Emulator
  readonly app: App
  readonly settings: LifeSettings
  /** Whether the emulator's webhooks go here; one lane of an App hears them. True by default. */
  readonly hears?: boolean
  readonly environment?: Readonly<Record<string, string>>
  /** A program and its arguments that each life is started by. */
  readonly by?: readonly string[]
}

const AGAIN = 300
const LIFE = join(import.meta.dirname, 'life.ts')
/** As the program itself does: loading is a third of what a life's start costs. */
const COMPILED = join(import.meta.dirname, '../../node_modules/.cache/node')

export function openLane({
  emulator,
  app,
  settings,
  hears = true,
  environment,
  by = [],
}: LaneOptions): Lane {
  let child: ChildProcess | null = null
  let ready: string | null = null
  let hearing = hears
  let webhookUrl = ''
  let deaths = 0
  let lastEnd: ReturnType<Lane['lastEnd']> = null
  let next: Failpoint | null = null
  let following: readonly Failpoint[] = []
  let closing = false
  let errors = ''
  let asked = 0
  const answers = new Map<number, (word: Word) => void>()

  function begin(): void {
    const [program, ...words] = [...by, process.execPath, LIFE]
    const life = spawn(program, words, {
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      env: { NODE_COMPILE_CACHE: COMPILED, ...process.env, ...environment },
    })
    child = life
    life.stderr?.on(
      'data',
      (chunk: Buffer) => (errors = (errors + chunk.toString()).slice(-20_000)),
    )
    life.on('error', () => {})
    life.on('message', (word: Word) => hear(word))
    life.once('exit', (code, signal) => {
      deaths += 1
      lastEnd = { code, signal }
      child = null
      ready = null
      for (const answer of answers.values()) answer({ kind: 'failed', message: 'it died' })
      answers.clear()
      // One that could not start is tried again after a while, as a supervisor would.
      setTimeout(restart, code === null || code === 0 ? 0 : AGAIN)
    })
    const [first = null, ...rest] = next === null ? following : [next, ...following]
    life.send({ kind: 'live', settings, failpoint: first } satisfies Order, () => {})
    following = rest
    next = null
  }

  function restart(): void {
    if (!closing) begin()
  }

  function hear(word: Word): void {
    if (word.kind === 'ready') {
      ready = word.url
      webhookUrl = word.webhookUrl
      if (hearing) emulator.setWebhookUrl(app, webhookUrl)
    } else if (word.kind === 'failed') errors += `${word.message}\n`
    else {
      answers.get(word.id)?.(word)
      answers.delete(word.id)
    }
  }

  /** Null when the life ended before it answered. */
  async function ask(kind: Asked): Promise<Word | null> {
    await up()
    const id = (asked += 1)
    const answer = new Promise<Word>((resolve) => answers.set(id, resolve))
    child?.send({ kind, id } satisfies Order, () => {})
    const word = await answer
    return word.kind === 'failed' ? null : word
  }

  const up = async (): Promise<{ readonly url: string }> => ({
    url: await until(
      () => `a life is ready\n${errors}`,
      () => ready,
    ),
  })
  const inspectOnce = async (kind: Asked): Promise<Inspection | null> => {
    const word = await ask(kind)
    return word?.kind === 'inspected' ? word.inspection : null
  }

  begin()
  return {
    settings,
    deaths: () => deaths,
    lastEnd: () => lastEnd,
    pid: () => child?.pid ?? null,
    up,
    async arm(failpoint, when = 'now') {
      if (when === 'next') next = failpoint
      else {
        await up()
        child?.send({ kind: 'arm', failpoint } satisfies Order, () => {})
      }
    },
    follow(failpoints) {
      following = failpoints
    },
    signal(name) {
      child?.kill(name)
    },
    hear() {
      hearing = true
      emulator.setWebhookUrl(app, webhookUrl)
    },
    async kill() {
      const before = deaths
      child?.kill('SIGKILL')
      await until(
        () => 'it is gone',
        () => deaths > before,
      )
    },
    async reconcile() {
      await until(
        () => `a pass of the reconciler\n${errors}`,
        async () => (await ask('reconcile')) !== null,
      )
    },
    async rested() {
      await until(
        () => `rests are over\n${errors}`,
        async () => (await ask('rested')) !== null,
      )
    },
    inspect: () =>
      until(
        () => `a life tells of itself\n${errors}`,
        () => inspectOnce('inspect-closely'),
      ),
    async knows(repo) {
      const { id } = emulator.repository(repo)
      await until(
        () => `${repo} is known`,
        async () => (await inspectOnce('inspect'))?.repositories.includes(id),
      )
    },
    async quiet() {
      let last: Inspection | null = null
      return until(
        () => `rest (${last?.why ?? 'nothing was told'})\n${errors}`,
        async () => {
          last = await inspectOnce('inspect-closely')
          return last?.quiet === true && last
        },
      )
    },
    async close() {
      closing = true
      const life = child
      if (life === null) return lastEnd?.code ?? null
      const exited = once(life, 'exit')
      life.kill('SIGCONT')
      life.kill('SIGTERM')
      const [code] = (await exited) as [number | null]
      return code
    },
    errors: () => errors,
  }
}
