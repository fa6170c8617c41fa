/**
 * Inside a transaction only `tx` is used: on the embedded store anything else waits for the very
 * transaction that waits for it, and with it the whole store. The source is read, because such a
 * mistake shows itself only on the path that takes it.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'

const folder = join(import.meta.dirname, '../../src/store')

/** From an opening bracket to its partner. Brackets in strings would mislead it; there are none that do not pair. */
function bracketed(source: string, from: number): string {
  const close = { '(': ')', '{': '}' }[source[from] ?? ''] ?? ''
  let depth = 0
  for (let at = from; at < source.length; at += 1) {
    if (source[at] === source[from]) depth += 1
    if (source[at] === close && (depth -= 1) === 0) return source.slice(from, at + 1)
  }
  throw new Error('a bracket is never closed')
}

/** A function whose first parameter is `tx`: callback, function or method; up to its parameters' bracket. */
const TAKES_TX = /(?:function \w+(?:<\w+>)?|async (?:\w+)?)(?=\(\s*tx\b)/g

/** Bodies of the functions that get a `tx`. */
const transactional = (source: string): readonly string[] =>
  [...source.matchAll(TAKES_TX)].map(({ index, 0: head }) => {
    const parameters = index + head.length
    const end = parameters + bracketed(source, parameters).length
    return bracketed(source, source.indexOf('{\n', end))
  })

/** Every await in the body, as far as its call or its chain of calls goes. */
function awaits(body: string): readonly string[] {
  return [...body.matchAll(/\bawait\s+/g)].map(({ index, 0: word }) => {
    let end = index + word.length
    for (;;) {
      const next = /^(?:\s*(?:\?\.|\.)?[\w$]+)+(?:\?\.)?(?=\()|^(?=\()/.exec(body.slice(end))
      if (next === null) return body.slice(index, end)
      end += next[0].length
      end += bracketed(body, end).length
    }
  })
}

/** What must not be so much as named, even beside `tx` in one expression. */
const ELSEWHERE = /\b(?:db|pool|pglite)\s*\.|\bboss\.(?!insert\()/g

const offences = (source: string): readonly string[] =>
  transactional(source).flatMap((body) => [
    ...awaits(body).filter((call) => !/\btx\b/.test(call)),
    ...[...body.matchAll(ELSEWHERE)].map(([name]) => name),
  ])

describe('inside a transaction', () => {
  const files = readdirSync(folder).filter((file) => file.endsWith('.ts'))

  test.each(files)('only tx is waited for in %s', (file) => {
    expect(offences(readFileSync(join(folder, file), 'utf8'))).toEqual([])
  })

  test('is looked at in every place there is', () => {
    const sources = files.map((file) => readFileSync(join(folder, file), 'utf8'))
    expect(sources.flatMap(transactional).length).toBeGreaterThanOrEqual(15)
    for (const source of sources) {
      // Whatever opens a transaction gets a callback that is looked at, or passes its own on.
      const opened = [
        ...source.matchAll(/(?<!async|function) (?:transact|compareAndSet|db\.transaction)\(/g),
      ].length
      const passedOn = [...source.matchAll(/\b(?:transact|transaction)\((?:db, )?work\)/g)].length
      const callbacks = [...source.matchAll(/async \(tx\b/g)].length
      expect(opened - passedOn).toBeLessThanOrEqual(callbacks)
    }
  })

  test.each([
    ['a query of its own', 'await db.select().from(task)'],
    ['a job without the transaction', "await boss.send('act', { key })"],
    ['a room that opens its own transaction', 'await inbox.append([fact])'],
    ['a sleep', 'await clock.sleep(1)'],
  ])('%s is found', (_what, statement) => {
    const around = `transact(db, async (tx) => {\n  await tx.insert(task).values({ a: (1) })\n  ${statement}\n})`
    expect(offences(around)).toContain(statement)
    for (const head of ['async function go(tx: Tx, n: number): Promise<void>', 'async go(tx)'])
      expect(offences(`${head} {\n  ${statement}\n}`)).toContain(statement)
  })

  test('a query of its own is found beside tx too', () => {
    const both = 'transact(db, async (tx) => {\n  await Promise.all([tx.select(), db.select()])\n})'
    expect(offences(both)).toEqual(['db.'])
  })

  test('what goes through tx is left alone', () => {
    const fine = `transact(db, async (tx) => {
      const [row] = await tx.select().from(task).where(eq(task.id, id)).for('update')
      const jobs = await queue.enqueue(tx, [{ key, at }])
      await parts.announce?.(tx, fresh)
    })`
    expect(offences(fine)).toEqual([])
  })
})
