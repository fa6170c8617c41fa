/** The control of the hostile story: the same program in the same repository without Yardmaster. Whatever springs there is a real trap. */
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { delimiter, dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { connectClient } from '../../src/agents/acp/client.ts'
import { holdTurn } from '../../src/agents/acp/dialogue.ts'
import { openMessages } from '../../src/agents/acp/messages.ts'
import { PRESETS } from '../../src/policy/presets.ts'
import { createLog } from '../../src/system/log.ts'
import { CACHE } from './install.ts'
import type { Model } from './model/serve.ts'
import type { Program } from './programs.ts'
import { STORIES } from './script.ts'

/** Milliseconds; a hook that runs at each end keeps some from ending. */
const PATIENCE = 30_000
const SILENT = { bytes() {}, message() {}, strange() {}, oversize() {}, request() {} }

/** The names of the traps that sprang. */
export async function springUnguarded(
  {
    program,
    bin,
    model,
  }: { readonly program: Program; readonly bin: string; readonly model: Model },
  files: Readonly<Record<string, string>>,
): Promise<readonly string[]> {
  const folder = await mkdtemp(join(CACHE, 'run-'))
  const [home, worktree] = [join(folder, 'home'), join(folder, 'worktree')]
  await Promise.all([home, worktree].map((path) => mkdir(path)))
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(worktree, path)), { recursive: true })
    await writeFile(join(worktree, path), text)
  }
  await promisify(execFile)('git', ['init', '--quiet'], { cwd: worktree })
  const before = model.heard.length
  try {
    await work(program, { bin, model: model.url, home, worktree })
    const heard = model.heard.slice(before).map(({ path }) => path)
    const left = await readdir(worktree)
    return [
      ...new Set([
        ...heard.flatMap((path) => (path.startsWith('/trap/') ? [path.slice(6)] : [])),
        ...left.flatMap((name) => (name.startsWith('sprung-') ? [name.slice(7)] : [])),
      ]),
    ]
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5 })
  }
}

interface Where {
  readonly bin: string
  readonly model: string
  readonly home: string
  readonly worktree: string
}

/** As a person's editor would start it: nothing of its settings is held back. */
async function work(program: Program, { bin, model, home, worktree }: Where): Promise<void> {
  const preset = PRESETS[program.name]
  const variables = program.environment(model)
  const env: Record<string, string> = {
    ...preset.set({ env: variables, model: program.model ?? null, permissions: 'allow' }),
    ...variables,
    PATH: [bin, dirname(process.execPath), process.env['PATH'] ?? ''].join(delimiter),
    HOME: home,
    LANG: 'C.UTF-8',
  }
  delete env['OPENCODE_DISABLE_PROJECT_CONFIG']
  const [name, ...rest] = preset.command
  const child = spawn(join(bin, name), rest, { cwd: worktree, env, detached: true })
  const exited = once(child, 'exit')
  child.stderr.resume()
  const connection = connectClient(
    openMessages(child, { meter: SILENT, onUpdate: () => {} }),
    createLog('silent'),
    { onQuestion: () => {}, onPermission: () => true },
  )
  const turn = holdTurn(connection, {
    worktree,
    mcpServers: [],
    model: program.model ?? null,
    mode: null,
    meta: null,
    prompt: Promise.resolve(`Say "Good evening.". ${STORIES.edit}`),
    resume: null,
    onReady: () => {},
    onSession: () => {},
    onWait: () => {},
    onPrompt: () => {},
    next: () => null,
  })
  await Promise.race([turn, new Promise((resolve) => setTimeout(resolve, PATIENCE).unref())])
  // Its group is ours: the child was started as the leader of one.
  if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGKILL')
  await exited
}
