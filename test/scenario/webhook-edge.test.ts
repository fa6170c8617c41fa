/** The real edge, over HTTP and signed: all that GitHub documents, three times over, whole and damaged, and forged. */
import { createHmac } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createLog } from '../../src/system/log.ts'
import { damaged, diceOf, examples, ours } from '../github/webhook-payloads.ts'
import { openYard } from './support/yard.ts'
import type { Yard } from './support/yard.ts'

const SEED = 20_261_120
const sign = (body: string, secret: string): string =>
  `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`

/** The last column of a fact: most of these wait for a GitHub that knows their repositories. */
const WHEN_CONSUMED = /, (?:null|"2[^"]*")\]$/

describe('the edge', { timeout: 120_000 }, () => {
  let yard: Yard
  let folder: string
  const errors: string[] = []
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'yard-edge-'))
    yard = await openYard({ log: createLog('error', { write: (line) => void errors.push(line) }) })
  })
  afterAll(async () => {
    await yard.close()
    rmSync(folder, { recursive: true })
  })

  interface Sent {
    readonly id: string
    readonly name: string
    readonly body: string
    /** Undefined: none at all. */
    readonly signature?: string | readonly string[]
    readonly headers?: Readonly<Record<string, string>>
  }

  function send({ id, name, body, signature, headers = {} }: Sent): Promise<number> {
    return new Promise((resolve, reject) => {
      const sent = request(yard.world.yardmaster().webhookUrl ?? '', {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'x-github-event': name,
          'x-github-delivery': id,
          ...(signature === undefined ? {} : { 'x-hub-signature-256': [signature].flat() }),
          ...headers,
        },
      })
      sent.once('response', (response) => {
        response.resume()
        response.once('end', () => resolve(response.statusCode ?? 0))
      })
      sent.once('error', reject)
      sent.end(body)
    })
  }
  const signed = (sent: Omit<Sent, 'signature'>): Promise<number> =>
    send({ ...sent, signature: sign(sent.body, yard.world.app.webhookSecret) })

  /** Sixteen at a time, as GitHub would. Gives how often each status came. */
  async function all(count: number, one: (n: number) => Promise<number>) {
    const seen: Record<number, number> = {}
    let next = 0
    const lane = async (): Promise<void> => {
      for (let n = next++; n < count; n = next++) {
        const status = await one(n)
        seen[status] = (seen[status] ?? 0) + 1
      }
    }
    await Promise.all(Array.from({ length: 16 }, lane))
    return seen
  }

  /** Every fact that was told, and every task, attempt, act and ledger entry that came of them. */
  async function contents(): Promise<readonly string[]> {
    const file = join(folder, 'copy.gz')
    await yard.world.yardmaster().upkeep.backup?.(file)
    const kept = new Set(['inbox', 'task', 'act', 'ledger', 'attempt'])
    let table = ''
    const lines = gunzipSync(readFileSync(file)).toString().trimEnd().split('\n').slice(1, -1)
    return lines
      .filter((line) => {
        table = /^\{"table":"(\w+)"/.exec(line)?.[1] ?? table
        return kept.has(table) && line.startsWith('[')
      })
      .map((line) => line.replace(WHEN_CONSUMED, ']'))
  }

  it('takes all that GitHub documents, and after three times knows what it knew after one', async () => {
    const once = () =>
      all(examples.length, (n) => {
        const { name, payload } = examples[n] ?? { name: '', payload: {} }
        const installed = ours.has(name) ? { ...payload, installation: { id: 77 } } : payload
        return signed({ id: `documented-${n}`, name, body: JSON.stringify(installed) })
      })
    expect(await once()).toEqual({ 200: examples.length })
    const known = await contents()
    expect(known.length).toBeGreaterThan(20)
    for (const _ of [2, 3]) expect(await once()).toEqual({ 200: examples.length })
    expect(await contents()).toEqual(known)
  })

  it(`answers damaged ones, correctly signed, and goes on (seed ${SEED})`, async () => {
    const dice = diceOf(SEED)
    const seen = await all(2_000, (n) => {
      const { name, payload } = examples[dice(examples.length)] ?? { name: '', payload: {} }
      const body = JSON.stringify(damaged({ ...payload, installation: { id: 77 } }, dice))
      return signed({ id: `damaged-${n}`, name, body })
    })
    expect(Object.keys(seen)).not.toContainEqual(expect.stringMatching(/^5/))
    expect(seen[200]).toBeGreaterThan(1_900)
    await yard.world.yardmaster().store.ping()
  })

  it(`refuses what is not signed as it should be, whatever is wrong with it (seed ${SEED})`, async () => {
    const dice = diceOf(SEED)
    const secret = yard.world.app.webhookSecret
    const before = await contents()
    const seen = await all(2_000, (n) => {
      const { name, payload } = examples[dice(examples.length)] ?? { name: '', payload: {} }
      const body = JSON.stringify(payload)
      const right = sign(body, secret)
      const sent = { id: `forged-${n}`, name, body, signature: right }
      switch (dice(10)) {
        case 0:
          return send({ id: sent.id, name, body })
        case 1:
          return send({ ...sent, signature: right.slice(0, -1 - dice(60)) })
        case 2:
          return send({ ...sent, signature: `${right}0` })
        case 3:
          return send({ ...sent, signature: sign(body, `${secret} `) })
        case 4:
          return send({ ...sent, signature: right.toUpperCase() })
        case 5:
          return send({ ...sent, signature: right.replace('sha256', 'sha1') })
        case 6:
          return send({ ...sent, body: `\uFEFF${body}` })
        case 7:
          return send({ ...sent, body: JSON.stringify(payload, null, 1) })
        case 8:
          return send({ ...sent, signature: [right, right] })
        default:
          return send({ id: sent.id, name, body, headers: { 'x-hub-signature': right } })
      }
    })
    expect(Object.keys(seen).filter((status) => !/^4\d\d$/.test(status))).toEqual([])
    expect(await contents()).toEqual(before)
  })

  it('has met no fault of its own in all that', () => {
    expect(
      errors.filter((line) => line.includes('TypeError') || line.includes('"level":60')),
    ).toEqual([])
  })
})
