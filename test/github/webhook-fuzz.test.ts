/** All that GitHub may send, three times over and damaged in 100,000 ways: a verdict each time, counted, and never a crash. */
import { describe, expect, test } from 'vitest'
import { repoId, taskId } from '../../src/domain/ids.ts'
import { createWebhookCounters, factsOf } from '../../src/github/webhook.ts'
import type { NewFact } from '../../src/ports/store.ts'
import { damaged, diceOf, examples, families, ours } from './webhook-payloads.ts'
import type { Example } from './webhook-payloads.ts'

const SEED = Number(process.env['FUZZ_SEED'] ?? 20_261_120)
const TIMES = Number(process.env['FUZZ_TIMES'] ?? 100_000)

const TASK = taskId(repoId(1), 2 as never)
const door = () => {
  const counters = createWebhookCounters()
  const deps = {
    slug: 'yardmaster',
    findBoard: async () => null,
    findTask: async () => TASK,
    counters,
  }
  const sum = () => Object.values(counters).reduce((a, b) => a + b, 0)
  return { counters, sum, take: (id: string, one: Example) => factsOf({ id, ...one }, deps) }
}
const installed = ({ name, payload }: Example): Example => ({
  name,
  payload: { ...payload, installation: { id: 77 } },
})

describe('the payloads that GitHub documents', () => {
  test('give the same facts under the same keys, however often they come', async () => {
    expect(families).toHaveLength(58)
    expect(examples).toHaveLength(329)
    const { counters, sum, take } = door()
    const rounds: (readonly NewFact[])[] = []
    for (let round = 0; round < 3; round += 1) {
      const all = examples.map((one, at) => take(`delivery-${at}`, installed(one)))
      rounds.push((await Promise.all(all)).flat())
    }
    const [first = []] = rounds
    expect(first.length).toBeGreaterThan(20)
    // A comment and a review are taken once, by whatever delivery they come.
    const comments = first.filter(({ key }) => !key.startsWith('github:'))
    const others = first.filter((one) => !comments.includes(one))
    expect(comments.length).toBeGreaterThan(0)
    expect(new Set(others.map(({ key }) => key)).size).toBe(others.length)
    expect(rounds).toEqual([first, first, first])
    expect(sum()).toBe(3 * 329)
    expect(counters.unknown).toBe(3 * examples.filter(({ name }) => !ours.has(name)).length)
    expect(counters.malformed).toBe(0)
  })

  test('with an event, an action or fields that nobody has heard of yet are counted and let go', async () => {
    const { counters, take } = door()
    for (const { name, payload } of examples.map(installed)) {
      expect(await take('one', { name: `${name}_of_tomorrow`, payload })).toEqual([])
      if (!ours.has(name) || name === 'push') continue
      expect(await take('two', { name, payload: { ...payload, action: 'teleported' } })).toEqual([])
    }
    expect(counters).toMatchObject({ unknown: 329, accepted: 0, malformed: 0 })
    expect(counters.irrelevant).toBeGreaterThan(50)
    const [one] = examples.filter(({ name }) => name === 'issues').map(installed)
    if (one === undefined) throw new Error('no example of issues')
    const more = { ...one.payload, tomorrow: { issue: null } }
    expect(await take('three', { ...one, payload: more })).toEqual(await take('three', one))
  })

  test(
    `damaged in ${TIMES} ways (seed ${SEED}) never pass for whole`,
    { timeout: 300_000 },
    async () => {
      const dice = diceOf(SEED)
      const { counters, sum, take } = door()
      const relevant = examples.filter(({ name }) => ours.has(name)).map(installed)
      for (let n = 0; n < TIMES; n += 1) {
        // Half of them are of the families that we read.
        const among = dice(2) === 0 ? relevant : examples
        const { name, payload } = among[dice(among.length)] ?? { name: '', payload: {} }
        const one = { name, payload: damaged(payload, dice) }
        let facts: readonly NewFact[]
        try {
          facts = await take(`d-${n}`, one)
        } catch (error) {
          throw new Error(`seed ${SEED}, number ${n}: ${name}`, { cause: error })
        }
        for (const fact of facts) {
          const wrong = whatIsWrong(fact)
          if (wrong !== null) throw new Error(`seed ${SEED}, number ${n}: ${name}: ${wrong}`)
        }
      }
      expect(sum()).toBe(TIMES)
      // It is a fuzz of what is behind the door, not of the door alone.
      expect(counters.accepted).toBeGreaterThan(TIMES / 40)
      expect(counters.malformed).toBeGreaterThan(TIMES / 20)
    },
  )
})

/** What must hold of every fact that is let in, whatever it was made of. */
function whatIsWrong({ key, aggregate, repo, fact }: NewFact): string | null {
  if (!/^(github:d-\d+(:\d+)?|comment:\d+:(issue|review):\d+|review:\d+:\d+)$/.test(key))
    return `key ${key}`
  if (!/^(task:\d+-\d+|repo:\d+)$/.test(aggregate)) return `aggregate ${aggregate}`
  if (repo === null) return 'no repository'
  if (!Number.isSafeInteger(repo.id) || repo.id <= 0) return `repository ${repo.id}`
  if (!/^[\w.-]+\/[\w.-]+$/.test(`${repo.owner}/${repo.name}`)) return `${repo.owner}/${repo.name}`
  if (/^\.\.?$/.test(repo.name)) return `the name ${repo.name}`
  const issue = 'issue' in fact ? fact.issue : null
  if (issue !== null) {
    if (typeof issue.body !== 'string' || typeof issue.title !== 'string') return 'its words'
    if (!Number.isSafeInteger(issue.id) || !Number.isSafeInteger(issue.number)) return 'its numbers'
    if (!issue.labels.every((label) => typeof label === 'string')) return 'its labels'
  }
  const actor = 'actor' in fact ? fact.actor : null
  if (actor !== null && (!Number.isSafeInteger(actor.id) || typeof actor.login !== 'string'))
    return 'its actor'
  if ('at' in fact && !Number.isFinite(fact.at)) return 'its moment'
  // It goes into the database as JSON, and comes back as what it was.
  return JSON.stringify(JSON.parse(JSON.stringify(fact))) === JSON.stringify(fact) ? null : 'JSON'
}
