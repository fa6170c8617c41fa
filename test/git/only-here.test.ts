import { glob, readFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'

/** Rooms that may start processes at all. `emulator` plays GitHub's side, `cli` starts our own programs. */
const STARTERS = [
  'src/git/',
  'src/jail/',
  'src/agents/builtin/',
  'src/emulator/',
  'src/cli/',
  // Starts the one program that it is given the path of, with `fork`: another Node, never git.
  'src/system/small-process.ts',
]
/** Rooms in which a program named git may be started; the workspace does so only through the jail's argv. */
const GIT_CALLERS = ['src/git/', 'src/agents/builtin/', 'src/emulator/']

const SPAWNS =
  /from\s+['"](?:node:)?(?:child_process|execa|cross-spawn|node-pty|simple-git|isomorphic-git)['"]|import\(\s*['"](?:node:)?(?:child_process|execa)['"]\s*\)|require\(\s*['"](?:node:)?child_process['"]/
const CALLS_GIT =
  /(?:\b(?:spawn|exec|execa|fork|launch|start|run)\w*\)?\(\s*|\[\s*|argv:\s*|program:\s*)(['"`])(?:[^'"`\s]*\/)?git\1/
/** The doctor asks which git there is; that opens no repository. */
const ASKS_VERSION = /\('git', \['--version'\]/g
/** The folder's lock asks `ps`, and only that, where there is no /proc to read a start time from. */
const asksPs = (path: string, source: string): boolean =>
  path.startsWith('src/store/') &&
  source.includes("import { execFileSync } from 'node:child_process'") &&
  [...source.matchAll(/execFileSync\((.{0,5})/g)].every(([, first]) => first?.startsWith("'ps',"))

function offences(path: string, source: string): readonly string[] {
  const among = (rooms: readonly string[]): boolean => rooms.some((room) => path.startsWith(room))
  const starts = SPAWNS.test(source) && !among(STARTERS) && !asksPs(path, source)
  const calls = CALLS_GIT.test(source.replaceAll(ASKS_VERSION, '')) && !among(GIT_CALLERS)
  return [...(starts ? [`${path} starts processes`] : []), ...(calls ? [`${path} calls git`] : [])]
}

describe('trusted git has one room', () => {
  test('no other room starts git, or any process that it could be', async () => {
    const found: string[] = []
    let files = 0
    for await (const path of glob('src/**/*.ts')) {
      files += 1
      found.push(...offences(path, await readFile(path, 'utf8')))
    }
    expect(files).toBeGreaterThan(20)
    expect(found).toEqual([])
  })

  test('inside the room every call passes one door', async () => {
    const doors: string[] = []
    for await (const path of glob('src/git/*.ts'))
      if (SPAWNS.test(await readFile(path, 'utf8'))) doors.push(path)
    expect(doors.toSorted()).toEqual(['src/git/run.ts'])
  })

  test.each([
    ['src/engine/drain.ts', "import { execFile } from 'node:child_process'"],
    ['src/workspace/x.ts', 'import { execa } from "execa"'],
    ['src/agents/run.ts', "const { spawn } = await import('child_process')"],
    ['src/github/x.ts', "import simpleGit from 'simple-git'"],
    ['src/agents/run.ts', "jail.start({ argv: ['git', 'status'] })"],
    [
      'src/store/lock.ts',
      "import { execFileSync } from 'node:child_process'; execFileSync('sh', ['-c', 'git x'])",
    ],
    ['src/cli/doctor.ts', "await promisify(execFile)('git', ['status'])"],
    ['src/workspace/x.ts', "launch({ program: '/usr/bin/git' })"],
  ])('the scan would notice %s: %s', (path, source) => {
    expect(offences(path, source)).not.toEqual([])
  })
})
