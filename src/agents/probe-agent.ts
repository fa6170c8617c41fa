/**
 * Probes a profile's program without any work: starts it as an attempt would, in folders of its own, shakes hands, and
 * opens a session, which costs no model anything. That tells its version, and for most whether it is logged in.
 */
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { methods, RequestError } from '@agentclientprotocol/sdk'
import { z } from 'zod'
import { attemptId, issueId, repoId, sha, taskId } from '../domain/ids.ts'
import type { Profile } from '../domain/settings.ts'
import { presetOf } from '../policy/presets.ts'
import type { Jailed } from '../ports/jail.ts'
import type { Probed } from '../ports/programs.ts'
import type { Place } from '../ports/workspace.ts'
import { INITIALIZE, newSession } from './acp/capabilities.ts'
import { connectClient } from './acp/client.ts'
import { openMessages } from './acp/messages.ts'
import { meterOutput } from './acp/output-meter.ts'
import { Offer, chooseMode, chooseModel } from './acp/session-choice.ts'
import type { AgentsOptions } from './agents-options.ts'
import { BOUNDS } from './bounds.ts'
import { classifyWords } from './classify.ts'
import { jailSpec } from './jail-spec.ts'
import { plainLine } from './plain.ts'
import { keepTail } from './stderr-tail.ts'

/** For both answers together: the slowest took 15 s on a machine that was busy with six others. */
const PATIENCE = 60_000
const AUTH_REQUIRED = -32000

/** Of what adapters put beside a message, the part that is meant for people. */
const Details = z.union([
  z.string(),
  z.object({ details: z.string() }).transform(({ details }) => details),
])
const Greeting = z.object({
  agentInfo: z.object({ version: z.string() }).nullish().catch(null),
})

/** `folder`: where it may make a folder for the time; outside the system's temporary one, which some agents do not bear. */
export async function probeAgent(
  options: AgentsOptions,
  profile: Profile,
  {
    folder,
    signal,
    patience = PATIENCE,
  }: {
    readonly folder: string
    readonly signal: AbortSignal
    /** Milliseconds. */
    readonly patience?: number
  },
): Promise<Probed> {
  const place = await makePlace(folder)
  try {
    const { spec } = jailSpec(options, { profile, place }, null)
    const jailed = await options.jail.start(spec)
    try {
      return await talk(options, { profile, place, jailed, signal, patience })
    } finally {
      await jailed.end(BOUNDS.endGraceMilliseconds)
    }
  } finally {
    await rm(join(place.home, '..'), { recursive: true, force: true })
  }
}

async function talk(
  { clock, log, environment }: AgentsOptions,
  {
    profile,
    place,
    jailed,
    signal,
    patience,
  }: {
    readonly patience: number
    readonly profile: Profile
    readonly place: Place
    readonly jailed: Jailed
    readonly signal: AbortSignal
  },
): Promise<Probed> {
  const ended = new AbortController()
  const over = AbortSignal.any([ended.signal, signal])
  const { promise: tooMuch, resolve } = Promise.withResolvers<string>()
  const meter = meterOutput(clock, resolve)
  const stderr = keepTail(jailed.stderr, (count) => meter.bytes(count))
  const connection = connectClient(openMessages(jailed, { meter, onUpdate: () => {} }), log, {
    onQuestion: () => {},
    onPermission: () => false,
  })
  let version: string | null = null
  const ask = async (): Promise<Probed> => {
    const greeting: unknown = await connection.agent.request<unknown>(
      methods.agent.initialize as string,
      INITIALIZE,
    )
    version = versionOf(greeting)
    const wanted = newSession(place.worktree, [], presetOf(profile)?.session)
    const session: unknown = await connection.agent.request<unknown>(
      methods.agent.session.new as string,
      wanted,
    )
    return judgeOffer(profile, environment, { version, offer: Offer.safeParse(session).data ?? {} })
  }
  /** What kept it from answering, with its last lines, which mostly name the cause. */
  const broken = (words: string): Probed => {
    const said = stderr.lines()
    return {
      kind: classifyWords(said) === 'auth' ? 'login' : 'broken',
      version,
      words: plainLine(said === '' ? words : `${words}: ${said}`, 300),
    }
  }
  const gone = async (): Promise<Probed> => {
    const exit = await Promise.race([
      jailed.exited,
      clock.sleep(BOUNDS.drainMilliseconds, over).then(() => null),
    ])
    return broken(
      exit === null
        ? 'it closed its output'
        : `it ended with ${exit.code ?? exit.signal ?? 'nothing'}`,
    )
  }
  try {
    return await Promise.race([
      ask().catch((error: unknown) =>
        error instanceof RequestError ? judgeError(error, version) : gone(),
      ),
      tooMuch.then((words) => broken(`it ${words}`)),
      clock.sleep(patience, over).then(() => broken(late(signal, patience))),
    ])
  } finally {
    ended.abort()
    connection.close()
    jailed.stdin.destroy()
  }
}

const late = ({ aborted }: AbortSignal, patience: number): string =>
  aborted ? 'it was stopped' : `it did not answer within ${patience / 1_000} s`

function versionOf(greeting: unknown): string | null {
  const version = Greeting.safeParse(greeting).data?.agentInfo?.version
  return version === undefined ? null : plainLine(version, 40)
}

function judgeError(error: RequestError, version: string | null): Probed {
  const { data } = Details.safeParse(error.data)
  const words = plainLine(data === undefined ? error.message : `${error.message}: ${data}`, 300)
  const login =
    error.code === AUTH_REQUIRED || classifyWords(words) === 'auth' || /API_KEY/.test(words)
  return { kind: login ? 'login' : 'broken', version, words }
}

function judgeOffer(
  profile: Profile,
  environment: AgentsOptions['environment'],
  { version, offer }: { readonly version: string | null; readonly offer: Offer },
): Probed {
  for (const choice of [chooseModel(offer, profile.model), chooseMode(offer, profile.mode)])
    if (choice.kind === 'missing') return { kind: 'unfit', version, words: choice.words }
  const login = presetOf(profile)?.login ?? []
  // Some open a session without any login, and fail at the first prompt.
  const has =
    login.length === 0 ||
    login.some((name) => profile.env.includes(name) && (environment[name] ?? '') !== '')
  return has
    ? { kind: 'ready', version, words: '' }
    : { kind: 'login', version, words: `none of its variables is set: ${login.join(', ')}` }
}

/** As an attempt's, and nobody's: nothing of a repository lies in it. */
async function makePlace(folder: string): Promise<Place> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const root = await mkdtemp(join(folder, 'probe-'))
  const task = taskId(repoId(0), issueId(0))
  const place: Place = {
    task,
    attempt: attemptId(task, 0),
    repository: join(root, 'repository'),
    worktree: join(root, 'worktree'),
    home: join(root, 'home'),
    exchange: join(root, 'exchange'),
    readable: [],
    base: sha('0'.repeat(40)),
  }
  for (const path of [place.repository, place.worktree, place.home, place.exchange])
    await mkdir(path, { recursive: true, mode: 0o700 })
  return place
}
