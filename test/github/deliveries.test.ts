/** Which deliveries nobody has taken, as GitHub lists them: newest first, page by page, each try on its own. */
import nock from 'nock'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { instant } from '../../src/domain/ids.ts'
import { API, START, createTestGitHub, endWire, faultOf, startWire } from './support.ts'

beforeEach(startWire)
afterEach(endWire)

const MINUTE = 60_000
/** `ago`: minutes before now. */
const one = (id: number, guid: string, ago: number, more: object = {}) => ({
  id,
  guid,
  delivered_at: new Date(START - ago * MINUTE).toISOString(),
  redelivery: false,
  duration: 0,
  status: 'failed to connect',
  status_code: 0,
  event: 'issues',
  action: 'labeled',
  installation_id: 77,
  repository_id: 900,
  ...more,
})
const OK = { status: 'OK', status_code: 202 }
const list = (cursor?: string) =>
  nock(API)
    .get('/app/hook/deliveries')
    .query({ per_page: '100', ...(cursor === undefined ? {} : { cursor }) })
const since = instant(START - 60 * MINUTE)

describe('failed deliveries', () => {
  test('are those of which no try succeeded and that nobody asked for again, oldest first', async () => {
    list().reply(200, [
      one(9, 'late', 1, { status: 'Internal Server Error', status_code: 500 }),
      one(8, 'asked', 2, { redelivery: true, status_code: 500 }),
      one(7, 'mended', 3, { redelivery: true, ...OK }),
      one(6, 'asked', 4),
      one(5, 'mended', 5),
      one(4, 'well', 6, OK),
      one(3, 'early', 7),
    ])
    const { deliveries } = createTestGitHub()
    expect(await deliveries.failed(since)).toEqual([
      { id: 3, at: START - 7 * MINUTE },
      { id: 9, at: START - MINUTE },
    ])
  })

  test('are read page by page, no further back than asked, and no address is followed', async () => {
    const link = `<https://elsewhere.example/app/hook/deliveries?cursor=v1_7>; rel="next"`
    list().reply(200, [one(9, 'a', 1)], { link })
    list('v1_7').reply(200, [one(8, 'b', 2), one(7, 'c', 61)], { link })
    const { deliveries } = createTestGitHub()
    expect((await deliveries.failed(since)).map(({ id }) => id)).toEqual([8, 9])
  })

  test('are asked for again by the id of their try; one that GitHub has forgotten is no fault', async () => {
    nock(API).post('/app/hook/deliveries/9/attempts').reply(202, {})
    nock(API).post('/app/hook/deliveries/8/attempts').reply(404, { message: 'Not Found' })
    nock(API).post('/app/hook/deliveries/7/attempts').reply(502, {})
    const { deliveries } = createTestGitHub()
    expect(await deliveries.redeliver(9)).toBe(true)
    expect(await deliveries.redeliver(8)).toBe(false)
    expect((await faultOf(deliveries.redeliver(7))).kind).toBe('transient')
  })
})
