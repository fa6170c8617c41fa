/**
 * The demo's Yardmaster: the program that people start, `yardmaster start`, as a process of its own. So it can be killed
 * as a machine would kill it, and everything that is shown of it comes from outside: GitHub's state and the control socket.
 */
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { ControlFault, askControl } from '../../web/ask-control.ts'
import type { RemoteReading } from '../../web/ask-control.ts'
import { controlPath } from '../../web/control-path.ts'
import type { StatusView } from '../../web/view-types.ts'

export interface Part {
  /** Starts a life, and gives what it says of itself once it listens. Throws with its last words when it ends before. */
  start(): Promise<StatusView>
  /** kill -9. */
  kill(): Promise<void>
  /** Asks it to stop, and waits until it has. */
  stop(): Promise<void>
  /** Null while no life answers. */
  reading(): Promise<RemoteReading | null>
  /** Resolves with its last words when a life ends, from now on, that was not ended here. */
  died(): Promise<string>
}

export interface PartOptions {
  /** Where it runs; holds its settings file. */
  readonly folder: string
  readonly dataFolder: string
  readonly environment: Readonly<Record<string, string | undefined>>
}

/** A loaded machine takes a multiple of the usual second and a half. Milliseconds. */
const READY = 60_000
const LOOK = 50
/** More than it grants its agents to end. Milliseconds. */
const STOPS_WITHIN = 35_000
/** What it has said last, in characters. */
const LAST_WORDS = 2_000

interface Life {
  readonly child: ChildProcess
  readonly exited: Promise<unknown>
  /** We end it. */
  ending: boolean
  words: string
}

export function createPart({ folder, dataFolder, environment }: PartOptions): Part {
  const path = controlPath(dataFolder)
  let death = Promise.withResolvers<string>()
  let life: Life | null = null

  function spawnLife(): Life {
    // A group of its own: a Ctrl+C in the terminal is the demo's to obey, which then stops it in order.
    const child = spawn(process.execPath, [PROGRAM, 'start'], {
      cwd: folder,
      env: { ...environment },
      stdio: ['pipe', 'ignore', 'pipe'],
      detached: true,
    })
    const born: Life = { child, exited: once(child, 'exit'), ending: false, words: '' }
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      born.words = `${born.words}${text}`.slice(-LAST_WORDS)
      if (text.startsWith('{')) process.stderr.write(text)
    })
    void born.exited.then(() => {
      if (born.ending) return
      death.resolve(born.words.trim())
      death = Promise.withResolvers()
    })
    return born
  }

  async function end(signal: NodeJS.Signals): Promise<void> {
    if (life === null) return
    const { child, exited } = life
    life.ending = true
    life = null
    child.kill(signal)
    const late = setTimeout(() => child.kill('SIGKILL'), STOPS_WITHIN)
    await exited
    clearTimeout(late)
  }

  const reading = async (): Promise<RemoteReading | null> => {
    try {
      return life === null ? null : await askControl(path)
    } catch (error) {
      if (isBetweenLives(error)) return null
      throw error
    }
  }

  return {
    reading,
    died: () => death.promise,
    async start() {
      const born = spawnLife()
      life = born
      const deadline = performance.now() + READY
      for (;;) {
        const status = await (await reading())?.status()
        // The socket of the life before may answer nobody; only the new process counts.
        if (status?.pid === born.child.pid && status !== undefined) return status
        if (born.child.exitCode !== null || performance.now() > deadline) {
          await end('SIGKILL')
          throw new Error(`Yardmaster did not start: ${born.words.trim()}`)
        }
        await new Promise((resolve) => setTimeout(resolve, LOOK))
      }
    },
    kill: () => end('SIGKILL'),
    stop: () => end('SIGTERM'),
  }
}

/** Whoever was asked has just gone. */
export const isBetweenLives = (error: unknown): boolean =>
  error instanceof ControlFault ||
  (error instanceof Error && 'code' in error && GONE.has(String(error.code)))

const GONE: ReadonlySet<string> = new Set(['ECONNRESET', 'EPIPE', 'ENOENT', 'ECONNREFUSED'])
const PROGRAM = fileURLToPath(new URL('./part-process.ts', import.meta.url))
