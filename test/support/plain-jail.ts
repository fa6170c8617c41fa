/** A jail for process tests that need no sandbox: it marks the tree by an environment variable and finds all of it again through /proc. */
import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { PassThrough } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'
import type { Jail, Jailed, JailExit, JailSpec } from '../../src/ports/jail.ts'

export interface PlainJail extends Jail {
  /** Processes of all trees that are still there. */
  survivors(): readonly number[]
  /** What the last start was asked for. */
  readonly specs: JailSpec[]
}

export function createPlainJail(): PlainJail {
  const marks: string[] = []
  const specs: JailSpec[] = []
  return {
    kind: 'none',
    specs,
    survivors: () => marks.flatMap(marked),
    reap: async () => 0,
    async start(spec) {
      const mark = randomUUID()
      marks.push(mark)
      specs.push(spec)
      return startMarked(spec, mark)
    },
  }
}

async function startMarked(spec: JailSpec, mark: string): Promise<Jailed> {
  const [program, ...args] = spec.argv
  const child = spawn(program, args, {
    cwd: spec.cwd,
    env: { PATH: process.env['PATH'], HOME: spec.home, ...spec.env, YARD_TREE: mark },
    stdio: 'pipe',
    detached: true,
  })
  const stderr = new PassThrough()
  child.stderr.pipe(stderr)
  const exited = new Promise<JailExit>((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }))
    child.once('error', (error) => {
      stderr.end(`${error.message}\n`)
      resolve({ code: 127, signal: null })
    })
  })
  return {
    pid: child.pid ?? 0,
    stdin: child.stdin,
    stdout: child.stdout,
    stderr,
    exited,
    async end(grace) {
      for (const pid of marked(mark)) signal(pid, 'SIGTERM')
      const deadline = Date.now() + grace
      while (marked(mark).length > 0) {
        if (Date.now() > deadline) for (const pid of marked(mark)) signal(pid, 'SIGKILL')
        await delay(10)
      }
      await exited
    },
  }
}

function marked(mark: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        // A zombie has an empty environment: it is gone but for its parent's look.
        return readFileSync(`/proc/${pid}/environ`, 'latin1').includes(`YARD_TREE=${mark}`)
      } catch {
        return false
      }
    })
    .map(Number)
}

function signal(pid: number, name: 'SIGTERM' | 'SIGKILL'): void {
  try {
    process.kill(pid, name)
  } catch {
    // Gone meanwhile.
  }
}
