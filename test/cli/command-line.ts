/** The real program as a subprocess, in a folder and with an environment of its own; nothing of the machine's leaks in. */
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const BIN = fileURLToPath(new URL('../../bin/yardmaster.js', import.meta.url))
/** A loaded machine takes a multiple of the usual second. Milliseconds. */
const LIMIT = 240_000

interface Ended {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

export interface Running {
  readonly child: ChildProcess
  /** What it has printed so far. */
  readonly out: () => string
  readonly err: () => string
  /** Resolves when that has been printed on either stream; rejects when the program ends first. */
  sees(words: string | RegExp): Promise<string>
  readonly ended: Promise<Ended>
  /** Sends a signal and waits for the end. */
  stop(signal?: NodeJS.Signals): Promise<Ended>
}

export interface Place {
  /** The folder in which commands run. */
  readonly folder: string
  readonly dataFolder: string
  run(args: readonly string[], env?: Readonly<Record<string, string>>): Promise<Ended>
  start(args: readonly string[], env?: Readonly<Record<string, string>>): Running
  /** Ends what still runs and removes the folder. */
  leave(): Promise<void>
}

/** `node`: which Node starts the program; the one that runs the tests by default. */
export function enter(node = process.execPath): Place {
  const folder = mkdtempSync(join(tmpdir(), 'yard-cli-'))
  const home = join(folder, 'home')
  mkdirSync(home)
  const dataFolder = join(folder, 'data')
  const running = new Set<Running>()

  function start(args: readonly string[], env: Readonly<Record<string, string>> = {}): Running {
    const given = {
      PATH: process.env['PATH'] ?? '',
      HOME: home,
      YARDMASTER_DATA: dataFolder,
      ...env,
    }
    const child = spawn(node, [BIN, ...args], {
      cwd: folder,
      env: given,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const one = watch(child)
    running.add(one)
    void one.ended.then(() => running.delete(one))
    return one
  }

  return {
    folder,
    dataFolder,
    start,
    run: (args, env) => start(args, env).ended,
    async leave() {
      await Promise.all([...running].map((one) => one.stop('SIGKILL')))
      if (existsSync(folder)) rmSync(folder, { recursive: true, force: true })
    },
  }
}

function watch(child: ChildProcess): Running {
  let out = ''
  let err = ''
  const looks = new Set<() => void>()
  const look = (): void => {
    for (const each of looks) each()
  }
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    out += text
    look()
  })
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    err += text
    look()
  })
  const ended = new Promise<Ended>((resolve, reject) => {
    const timer = setTimeout(() => child.kill('SIGKILL'), LIMIT)
    child.once('error', reject)
    child.once('close', (code) => {
      clearTimeout(timer)
      resolve({ code, out, err })
      look()
    })
  })
  return {
    child,
    out: () => out,
    err: () => err,
    ended,
    sees: (words) =>
      new Promise((resolve, reject) => {
        const matches = (text: string): boolean =>
          typeof words === 'string' ? text.includes(words) : words.test(text)
        const check = (): void => {
          const found = [out, err].find(matches)
          if (found === undefined && child.exitCode === null && child.signalCode === null) return
          looks.delete(check)
          if (found !== undefined) resolve(found)
          else reject(new Error(`it ended without saying ${String(words)}:\n${out}\n${err}`))
        }
        looks.add(check)
        check()
      }),
    async stop(signal = 'SIGTERM') {
      child.kill(signal)
      return await ended
    },
  }
}
