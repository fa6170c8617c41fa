/** One visit of the malicious agent, through the product's own agents and jail, and what it came to. */
import { readFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { createAgents } from '../../src/agents/create-agents.ts'
import { createBwrapJail } from '../../src/jail/bwrap.ts'
import { createNoJail } from '../../src/jail/none.ts'
import type { AgentOutcome } from '../../src/ports/agent.ts'
import type { Clock } from '../../src/ports/clock.ts'
import type { Jail } from '../../src/ports/jail.ts'
import type { Place } from '../../src/ports/workspace.ts'
import { makePlace } from '../../test/support/agent-place.ts'
import { profile } from '../../test/support/builders.ts'
import { destinations, hostileNames, WILD } from './destinations.ts'
import type { Destination, Findings, Plan } from './plan.ts'
import type { Traps } from './traps.ts'

const STUB = join(import.meta.dirname, 'stub.ts')
const LIMIT = 60_000
const quiet = (): void => {}
const log = { debug: quiet, info: quiet, warn: quiet, error: quiet }
const ids = { unique: () => crypto.randomUUID() }

export interface Machine {
  readonly base: string
  /** Where sockets are; a short path. */
  readonly sockets: string
  readonly clock: Clock
  /** bubblewrap by its path; null: the same without a jail, which shows that the traps are there to be walked into. */
  readonly bwrap: string | null
}

export interface Visit {
  readonly findings: Findings
  readonly outcome: AgentOutcome
  readonly tried: readonly Destination[]
  readonly place: Place
}

export function jailOf({ base, sockets, bwrap }: Machine, { operatorHome, data }: Traps): Jail {
  const folder = join(data, 'jail')
  const path = process.env['PATH'] ?? ''
  if (bwrap === null) return createNoJail({ folder, path, ids })
  return createBwrapJail({
    folder,
    sockets,
    program: bwrap,
    ids,
    toolchain: {
      path,
      needed: [process.execPath],
      hidden: [homedir(), operatorHome, data, join(base, 'config')],
    },
    resolve: hostileNames(),
  })
}

/** `issue`: each is a task of its own, with a place of its own. */
export async function visit(machine: Machine, traps: Traps, issue: number): Promise<Visit> {
  const place = await placeOf(traps, issue)
  const report = join(place.exchange, 'findings.json')
  const allowed = { host: '127.0.0.1', port: traps.allowed, what: 'allowed' }
  const tried = destinations(traps.port)
  const plan: Plan = {
    markBackwards: Array.from(traps.mark).toReversed().join(''),
    files: traps.files,
    sockets: traps.sockets,
    destinations: [...tried, allowed],
    walks: machine.bwrap !== null,
    leave: `left-by-${issue}`,
    report,
  }
  const agents = createAgents({
    jail: jailOf(machine, traps),
    clock: machine.clock,
    log,
    network: 'model-only',
    allow: [`127.0.0.1:${traps.allowed}`, `*.${WILD}:${traps.port}`],
    environment: traps.environment,
    readable: [import.meta.dirname],
    sockets: machine.sockets,
    builtinPatch: { argv: ['none'], readable: [] },
  })
  const outcome = await agents.run({
    profile: PROFILE,
    place,
    prompt: Promise.resolve(JSON.stringify(plan)),
    resume: null,
    answer: null,
    limits: {
      startMilliseconds: LIMIT,
      firstMilliseconds: LIMIT,
      stallMilliseconds: LIMIT,
      wallMilliseconds: LIMIT,
    },
    signal: new AbortController().signal,
    onStarted: quiet,
    onProgress: quiet,
  })
  const text = await readFile(report, 'utf8').catch(() => null)
  if (text === null)
    throw new Error(`the agent did not come to its end: ${JSON.stringify(outcome)}`)
  return { findings: JSON.parse(text) as Findings, outcome, tried, place }
}

/** As the claude preset has it, but for the program: so its key is what the proxy puts in. */
const PROFILE = profile({
  name: 'malice',
  preset: 'claude',
  command: [process.execPath, STUB],
  tier: null,
  env: ['ANTHROPIC_API_KEY', 'ANTHROPIC_BASE_URL'],
})

const placeOf = ({ data }: Traps, issue: number): Promise<Place> =>
  makePlace(join(data, 'work', 'pairs', String(issue)), {
    issue,
    homes: join(data, 'work', 'homes'),
  })
