/** All of it, in a jail that works: what was tried, how often, and which promise was broken. */
import { mkdir, mkdtemp, realpath, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '../../src/system/clock.ts'
import { violations } from './judge.ts'
import { dropBombs, endSwarm, killKeeper, type Swarm } from './processes.ts'
import { plantTraps } from './traps.ts'
import { jailOf, visit } from './visit.ts'

export interface Told {
  readonly violations: readonly string[]
  /** One line for each thing that was tried. */
  readonly numbers: readonly string[]
  /** What could not be tried here, and why. */
  readonly skipped: readonly string[]
}

export interface Campaign {
  readonly bwrap: string
  /** How often the app is killed over a swarm. */
  readonly kills: number
  /** Of a fork bomb. */
  readonly seconds: number
  /** Of a flood. */
  readonly megabytes: number
  /** Whether the same is tried without a jail, where it must succeed: else the traps would prove nothing. */
  readonly control: boolean
}

/** T28: the app may grow by this beside whatever jailed programs do. Bytes. */
const GROWTH = 100 * 1024 ** 2

export async function campaign(about: Campaign): Promise<Told> {
  const broken: string[] = []
  const numbers: string[] = []
  const skipped: string[] = []
  // Not below the folder for temporary files, which a jail covers as a whole: that would hide too much to prove anything.
  const cache = join(import.meta.dirname, '../../.cache')
  await mkdir(cache, { recursive: true })
  const base = await realpath(await mkdtemp(join(cache, 'malice-')))
  const sockets = await mkdtemp(join(tmpdir(), 'yard-malice-'))
  const traps = await plantTraps(base, crypto.randomUUID().slice(0, 8))
  const machine = { base, sockets, clock: systemClock, bwrap: about.bwrap }
  try {
    const first = await visit(machine, traps, 1)
    broken.push(...violations(first, traps.allowed, { hits: traps.hits() }))
    // What the first has left wherever it could, the second must not find.
    const second = await visit(machine, traps, 2)
    broken.push(
      ...second.findings.met.map((folder) => `left by the first, met by the second: ${folder}`),
    )
    const { tries, seen, sockets: answered, written, met } = first.findings
    numbers.push(
      `${traps.files.length} files, ${tries['file'] ?? 0} ways to them, ${(tries['proc'] ?? 0) + (tries['descriptor'] ?? 0)} looks into /proc, ${tries['walk'] ?? 0} files met by walking: ${seen.length} secrets of ${traps.secrets} seen`,
      `${traps.sockets.length} sockets: ${answered.length} answered`,
      `${first.tried.length} places × TCP, UDP, HTTP, CONNECT, names: ${first.findings.reached.length - 2} reached; 1 allowed: reached by the proxy's 2 ways and by no other`,
      `${written.length} folders written to by one task, ${second.findings.tries['leftover'] ?? 0} walked by the next: ${met.length + second.findings.met.length} files of another met`,
    )
    if (about.control) broken.push(...(await control({ ...machine, bwrap: null }, traps, numbers)))

    const ended = await endSwarm(jailOf(machine, traps), traps.operatorHome)
    broken.push(...swarmBroken('its end', ended))
    const killed: Swarm[] = []
    for (let at = 0; at < about.kills; at++) killed.push(await killKeeper(about.bwrap))
    broken.push(...killed.flatMap((one) => swarmBroken('a kill -9 of the app', one)))
    const slowest = Math.max(...killed.map(({ gone }) => gone ?? Infinity))
    numbers.push(
      `${ended.started} children in their own sessions, forked twice, deaf: ${ended.left} left at its end; after ${about.kills} kills of the app ${killed.reduce((sum, { left }) => sum + left, 0)} left, the last gone after ${slowest} ms`,
    )
  } finally {
    await traps.close()
    for (const folder of [base, sockets])
      await rm(folder, { recursive: true, force: true, maxRetries: 5 })
  }

  const bombs = await dropBombs(about.bwrap, about)
  if (typeof bombs === 'string') skipped.push(`bombs: ${bombs}`)
  else {
    if (bombs.processesSeen > bombs.processesAllowed)
      broken.push(`a fork bomb came to ${bombs.processesSeen} processes`)
    if (bombs.processesSeen < 50)
      broken.push(`a fork bomb came to ${bombs.processesSeen} processes only: it was none`)
    if (bombs.bombLeft > 0) broken.push(`${bombs.bombLeft} processes of a fork bomb are left`)
    if (bombs.memoryGrowth > GROWTH) broken.push(`the app grew by ${bombs.memoryGrowth} bytes`)
    if (bombs.floodKept > 20_000) broken.push(`${bombs.floodKept} letters of a flood were kept`)
    if (bombs.fileBytes > 4 * 1024 ** 3)
      broken.push(`a file of ${bombs.fileBytes} bytes was written`)
    numbers.push(
      `a fork bomb: ${bombs.processesSeen} of ${bombs.processesAllowed} processes, 0 left; another jail meanwhile ${bombs.beside} ms instead of ${bombs.quiet}, longest standstill ${bombs.standstill} ms`,
      `${bombs.floodBytes / 1024 ** 2} MiB of output, ${bombs.floodKept} letters kept; the app grew by ${Math.round(bombs.memoryGrowth / 1024 ** 2)} MiB; a file of 20 GB came to ${bombs.fileBytes} bytes`,
    )
  }
  return { violations: broken, numbers, skipped }
}

function swarmBroken(how: string, { started, gone, left }: Swarm): readonly string[] {
  const broken = gone === null || left > 0 ? [`${left} of ${started} outlived ${how}`] : []
  return started < 400 ? [...broken, `only ${started} children could be started`] : broken
}

/** Without a jail the same program must find all that was planted. */
async function control(
  machine: Parameters<typeof visit>[0],
  traps: Awaited<ReturnType<typeof plantTraps>>,
  numbers: string[],
): Promise<readonly string[]> {
  const { findings } = await visit(machine, traps, 3)
  const files = traps.files.filter((path) => findings.seen.includes(`file: ${path}`)).length
  const local = findings.reached.filter((one) => one.includes('this machine')).length
  numbers.push(
    `without a jail: ${files} of ${traps.files.length} files, ${findings.sockets.length} of ${traps.sockets.length} sockets, ${local} ways to this machine`,
  )
  const found =
    files === traps.files.length &&
    findings.sockets.length === traps.sockets.length &&
    local >= 10 &&
    findings.seen.some((where) => where.startsWith('proc: '))
  return found ? [] : ['without a jail not all traps were walked into: they prove nothing']
}
