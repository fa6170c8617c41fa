/** What the database throws is classified once: by what the engine should do about it. */
import { describe, expect, test } from 'vitest'
import { WorldFault } from '../../src/ports/fault.ts'
import { guardRoom } from '../../src/store/fault.ts'

const coded = (code: string, message = 'something'): Error =>
  Object.assign(new Error(message), { code })
/** As Drizzle wraps what the driver throws. */
const asQuery = (cause: Error): Error =>
  Object.assign(new Error('Failed query: insert … params: secret', { cause }), { query: 'insert' })

const thrownFor = async (error: unknown): Promise<unknown> => {
  const room = guardRoom('store', { load: () => Promise.reject(error) })
  return await room.load().catch((thrown: unknown) => thrown)
}

describe('a fault of the database', () => {
  test.each([
    ['a refused connection', coded('ECONNREFUSED'), 'transient'],
    ['a server that is starting', coded('57P03'), 'transient'],
    ['a connection that broke', new Error('Connection terminated unexpectedly'), 'transient'],
    ['a deadlock', coded('40P01'), 'transient'],
    ['too many connections', coded('53300'), 'transient'],
    ['a full disk, as PostgreSQL says it', coded('53100'), 'local'],
    ['a full disk, as Node says it', coded('ENOSPC'), 'local'],
    ['a disk that fails', coded('58030'), 'local'],
    ['a store that was closed', new Error('PGlite is closed'), 'transient'],
  ])('%s is the world’s', async (_what, cause, kind) => {
    for (const error of [cause, asQuery(cause)]) {
      const thrown = await thrownFor(error)
      expect(thrown).toBeInstanceOf(WorldFault)
      expect(thrown).toMatchObject({ kind, applied: 'unknown', operation: 'store.load', cause })
    }
  })

  test.each([
    ['a violated constraint', coded('23505', 'duplicate key')],
    ['a value that does not fit', coded('22003', 'integer out of range')],
    ['a mistake in our code', new TypeError('undefined is not a function')],
  ])('%s is our own bug and stays one', async (_what, cause) => {
    expect(await thrownFor(cause)).toBe(cause)
    const thrown = await thrownFor(asQuery(cause))
    expect(thrown).not.toBeInstanceOf(WorldFault)
    expect(thrown).toMatchObject({ message: `store.load: ${cause.message}`, cause })
  })

  test('never repeats the values of the statement', async () => {
    for (const cause of [coded('53100'), coded('23505')])
      expect(String(await thrownFor(asQuery(cause)))).not.toContain('secret')
  })
})
