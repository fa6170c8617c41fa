/** From the start of a real coding agent's process, in the jail, to the moment at which it can be told its task. */
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { homedir, tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { found } from '../prove/agents-real/install.ts'
import { serveModel } from '../prove/agents-real/model/serve.ts'
import { PROGRAMS } from '../prove/agents-real/programs.ts'
import type { Program, ProgramName } from '../prove/agents-real/programs.ts'
import { script } from '../prove/agents-real/script.ts'
import { connectClient } from '../src/agents/acp/client.ts'
import { holdTurn } from '../src/agents/acp/dialogue.ts'
import { openMessages } from '../src/agents/acp/messages.ts'
import { environmentOf } from '../src/agents/environment.ts'
import { chooseJail } from '../src/jail/choose.ts'
import { readOperatorSettings } from '../src/policy/operator-file.ts'
import { presetOf } from '../src/policy/presets.ts'
import type { Profile } from '../src/domain/settings.ts'
import type { Jail } from '../src/ports/jail.ts'
import { systemIds } from '../src/system/ids.ts'
import { createLog } from '../src/system/log.ts'
import { median } from './figures.ts'
import type { Figure } from './figures.ts'

const RUNS = 3
const PATIENCE = 60_000
/** Twice what each took on an idle machine of two cores when it was first tried. Milliseconds. */
const AT_MOST: Readonly<Record<ProgramName, number>> = {
  claude: 2_500,
  codex: 2_000,
  gemini: 5_000,
  copilot: 2_000,
  opencode: 7_000,
  qwen: 7_000,
}

/** Programs that `npm run agents:real` has not installed are left out, and said. */
export async function measureAcp(): Promise<readonly Figure[]> {
  const model = await serveModel(script)
  const figures: Figure[] = []
  try {
    for (const program of PROGRAMS) {
      const bin = found(program)
      if (bin === null) {
        console.error(
          `skipped: ${program.name} is not installed (npm run agents:real -- --only=${program.name})`,
        )
        continue
      }
      const times: number[] = []
      for (let run = 0; run < RUNS; run++) times.push(await startOf(program, bin, model.url))
      figures.push({
        name: `${program.name} ${program.version}: start → first prompt`,
        value: median(times),
        unit: 'ms',
        target: { atMost: AT_MOST[program.name] },
        how: `${RUNS} starts in the jail, an empty HOME each`,
      })
    }
  } finally {
    await model.close()
  }
  return figures
}

async function startOf(program: Program, bin: string, model: string): Promise<number> {
  const folder = await mkdtemp(join(homedir(), '.cache', 'yardmaster-bench-'))
  const [home, worktree] = [join(folder, 'home'), join(folder, 'worktree')]
  await Promise.all([home, worktree].map((path) => mkdir(path)))
  const jail = await jailFor(folder, bin)
  const profile = profileOf(program.name)
  const [first = '', ...rest] = profile.command
  const began = performance.now()
  const jailed = await jail.start({
    argv: [first, ...rest],
    cwd: worktree,
    env: environmentOf(profile, program.environment(model)).env,
    writable: [worktree],
    readable: [],
    home,
    network: 'open',
  })
  jailed.stderr.resume()
  const silent = { bytes() {}, message() {}, strange() {}, oversize() {}, request() {} }
  const messages = openMessages(jailed, { meter: silent, onUpdate: () => {} })
  const asks = { onQuestion: () => {}, onPermission: () => null }
  const connection = connectClient(messages, createLog('silent'), asks)
  const { promise: ready, resolve: onWait } = Promise.withResolvers<'ready'>()
  const turn = holdTurn(connection, {
    worktree,
    mcpServers: [],
    model: null,
    mode: null,
    meta: presetOf(profile)?.session,
    // It never comes: what is measured is over when it is waited for.
    prompt: new Promise(() => {}),
    resume: null,
    onReady: () => {},
    onSession: () => {},
    onWait: () => onWait('ready'),
    onPrompt: () => {},
    next: () => null,
  })
  const late = new Promise<'late'>((resolve) => setTimeout(() => resolve('late'), PATIENCE).unref())
  const how = await Promise.race([ready, turn, late])
  const took = performance.now() - began
  await jailed.end(0)
  await rm(folder, { recursive: true, force: true, maxRetries: 5 })
  if (how !== 'ready') throw new Error(`${program.name} did not start: ${JSON.stringify(how)}`)
  return took
}

async function jailFor(folder: string, bin: string): Promise<Jail> {
  const path = [bin, dirname(process.execPath), process.env['PATH'] ?? ''].join(delimiter)
  const toolchain = { path, needed: [process.execPath], hidden: [] }
  const chosen = await chooseJail({
    choice: 'bwrap',
    image: null,
    environment: process.env,
    folder: join(folder, 'jail'),
    toolchain,
    ids: systemIds,
    sockets: tmpdir(),
  })
  if (chosen.kind === 'unavailable') throw new Error(chosen.reason)
  return chosen.jail
}

/** As an operator's file with nothing but the preset has it. */
function profileOf(name: ProgramName): Profile {
  const read = readOperatorSettings(`profiles: { ${name}: { preset: ${name} } }\nnetwork: open\n`)
  const profile = read.kind === 'ready' ? read.settings.profiles[name] : undefined
  if (profile === undefined) throw new Error(`there is no preset ${name}`)
  return profile
}
