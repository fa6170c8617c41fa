/** Runners, the lead and what runners ask, in memory; judged by the database's clock. */
import type { Runner } from '../../src/domain/runner.ts'
import type { Lead, Requests, Runners } from '../../src/ports/store.ts'
import type { Database } from './database.ts'

export function openRunners(database: Database): Omit<Runners, 'onRunner'> {
  const told = (id: string): void => {
    for (const poke of database.onRunners) poke(id)
  }
  return {
    async register(runner, milliseconds) {
      database.runners.set(runner.id, { runner, until: database.now() + milliseconds })
      told(runner.id)
    },
    async keep(id, milliseconds) {
      const row = database.runners.get(id)
      if (row === undefined || row.until <= database.now()) return false
      row.until = database.now() + milliseconds
      return true
    },
    async retire(id) {
      database.runners.delete(id)
      told(id)
    },
    alive: async () => aliveRunners(database),
  }
}

export const aliveRunners = (database: Database): readonly Runner[] =>
  [...database.runners.values()]
    .filter(({ until }) => until > database.now())
    .map(({ runner }) => runner)
    .toSorted((a, b) => (a.id < b.id ? -1 : 1))

export function openLead(database: Database): Lead {
  return {
    async take(what, holder, milliseconds) {
      const row = database.leads.get(what)
      if (row !== undefined && row.holder !== holder && row.until >= database.now()) return false
      database.leads.set(what, { holder, until: database.now() + milliseconds })
      return true
    },
    async leave(what, holder) {
      if (database.leads.get(what)?.holder === holder) database.leads.delete(what)
    },
  }
}

/** Whoever asked has given up long ago. Milliseconds. */
const ABANDONED = 300_000

export function openRequests(database: Database): Omit<Requests, 'onRequest'> {
  const told = (id: string): void => {
    for (const poke of database.onRequests) poke(id)
  }
  const held = (by: {
    readonly attempt: string
    readonly epoch: number
    readonly runner: string
  }) =>
    [...database.attempts.values()].some(
      ({ row }) =>
        row.id === by.attempt &&
        row.epoch === by.epoch &&
        row.runner === by.runner &&
        row.endedAt === null,
    )
  return {
    async ask(request) {
      if (!held(request)) return false
      database.requests.set(request.id, { request, at: database.now(), answer: null })
      told(request.id)
      return true
    },
    async asked(limit) {
      for (const [id, { request, at }] of database.requests)
        if (!held(request) || at < database.now() - ABANDONED) database.requests.delete(id)
      return [...database.requests.values()]
        .flatMap(({ request, answer }) => {
          const publicKey = database.runners.get(request.runner)?.runner.publicKey ?? null
          return answer !== null || publicKey === null ? [] : [{ ...request, publicKey }]
        })
        .slice(0, limit)
    },
    async answer(id, sealed) {
      const row = database.requests.get(id)
      if (row !== undefined) row.answer ??= sealed
      told(id)
    },
    async pickUp(id, runner) {
      const row = database.requests.get(id)
      if (row === undefined || row.request.runner !== runner || row.answer === null) return null
      database.requests.delete(id)
      return row.answer
    },
  }
}
