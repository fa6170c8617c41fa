/** The figures of PostgreSQL: acks, how attempts per minute grow with runners, and how soon a dead runner's work is taken over. */
import { join } from 'node:path'
import { findPostgres, run, startPostgres } from '../test/support/postgres.ts'
import type { TestServer } from '../test/support/postgres.ts'
import { measureAcks } from './acks.ts'
import { startChild } from './child.ts'
import type { Child } from './child.ts'
import type { Figure } from './figures.ts'
import { openBenchYard } from './yard.ts'
import type { BenchYard } from './yard.ts'

const RUNNERS = [1, 2, 4]
const TASKS = 24
const EACH = 4

/** Nothing where there is no PostgreSQL to start. */
export async function measureOnPostgres(): Promise<readonly Figure[]> {
  const found = findPostgres()
  if (found.kind === 'none') {
    console.error(`not measured: ${found.reason}`)
    return []
  }
  const server = await startPostgres(found)
  try {
    return [
      ...(await acks(server)),
      ...(await attemptsPerMinute(server)),
      ...(await takeover(server)),
    ]
  } finally {
    await server.stop()
  }
}

async function acks(server: TestServer): Promise<readonly Figure[]> {
  const databaseUrl = await server.createDatabase()
  const yard = await openBenchYard({ slots: 20, databaseUrl, operator: '' })
  try {
    return await measureAcks(yard, 'PostgreSQL')
  } finally {
    await yard.stop()
  }
}

/** An app that executes nothing itself, and its runners. */
async function withRunners<Result>(
  server: TestServer,
  count: number,
  body: (yard: BenchYard, runners: readonly Child[], databaseUrl: string) => Promise<Result>,
): Promise<Result> {
  const databaseUrl = await server.createDatabase()
  const slots = count * EACH
  const yard = await openBenchYard({ slots, databaseUrl, operator: 'runner: { capacity: 0 }\n' })
  const runners: Child[] = []
  try {
    for (let index = 0; index < count; index++) {
      const { settings } = yard
      runners.push(
        await startChild('./runner-process.ts', {
          name: `runner-${index}`,
          databaseUrl,
          dataFolder: join(settings.dataFolder, `runner-${index}`),
          webUrl: settings.webUrl,
          operator: settings.operator,
          takes: { ...settings.operator.runner, capacity: EACH },
        }),
      )
    }
    return await body(yard, runners, databaseUrl)
  } finally {
    for (const runner of runners) await runner.stop()
    await yard.stop()
  }
}

async function attemptsPerMinute(server: TestServer): Promise<readonly Figure[]> {
  const rates: number[] = []
  for (const count of RUNNERS) {
    rates.push(
      await withRunners(server, count, async (yard, _runners, databaseUrl) => {
        const repo = await yard.repository('rate', { 'README.md': '# Rate\n' })
        const numbers = Array.from({ length: TASKS }, (_, index) =>
          yard.issue(repo, `${index}.txt`),
        )
        await yard.emulator.whenIdle()
        yard.emulator.webhooks.knobs.parallel = TASKS
        const began = performance.now()
        for (const number of numbers) yard.label(repo, number)
        await until(async () => {
          const [row] = await run(
            databaseUrl,
            'select count(*) from attempt where ended_at is not null',
          )
          return Number(row?.['count']) >= TASKS
        })
        return TASKS / ((performance.now() - began) / 60_000)
      }),
    )
  }
  const [one = Number.NaN] = rates
  return rates.map((rate, index) => ({
    name: `attempts per minute, ${RUNNERS[index]} runner${index === 0 ? '' : 's'} of ${EACH}`,
    value: rate,
    unit: '',
    // One machine runs them all here: what is held to is that another runner costs the others nothing.
    target: { atLeast: index === 0 ? 60 : Math.round(one * 0.9) },
    how: `${TASKS} trivial tasks on PostgreSQL, app and runners on this one machine`,
  }))
}

async function takeover(server: TestServer): Promise<readonly Figure[]> {
  const took = await withRunners(server, 2, async (yard, runners, databaseUrl) => {
    const repo = await yard.repository(
      'takeover',
      { 'README.md': '# Takeover\n' },
      'setup: [sleep 60]\n',
    )
    yard.label(repo, yard.issue(repo, 'one.txt'))
    const holder = async (n: number): Promise<string | null> => {
      const [row] = await run(databaseUrl, `select runner from attempt where n = ${n}`)
      return typeof row?.['runner'] === 'string' ? row['runner'] : null
    }
    await until(async () => (await holder(1)) !== null)
    const dead = Number(/runner-(\d)/.exec((await holder(1)) ?? '')?.[1])
    const at = performance.now()
    await runners[dead]?.kill()
    await until(async () => (await holder(2)) !== null)
    return performance.now() - at
  })
  return [
    {
      name: 'a runner is killed → another has its task',
      value: took / 1_000,
      unit: 's',
      target: { atMost: 20 },
      how: 'kill -9 during an attempt, PostgreSQL',
    },
  ]
}

const DEADLINE = 180_000

async function until(look: () => Promise<boolean>): Promise<void> {
  const end = performance.now() + DEADLINE
  while (!(await look())) {
    if (performance.now() > end) throw new Error('it never happened')
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}
