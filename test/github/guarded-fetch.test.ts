/** The one door to the network leads to one origin, and stays within one repository (T14, T40). */
import { afterEach, beforeEach, expect, test } from 'vitest'
import { repoId } from '../../src/domain/ids.ts'
import { RefusedRedirect, guardedFetch } from '../../src/github/guarded-fetch.ts'
import { json, startLocalServer, type LocalServer } from './local-server.ts'

let home: LocalServer
let elsewhere: LocalServer
let location = ''

beforeEach(async () => {
  elsewhere = await startLocalServer((_, response) => json(response, 200, { stolen: true }))
  home = await startLocalServer((_, response) => {
    response.writeHead(302, { location })
    response.end()
  })
})
afterEach(async () => {
  await home.close()
  await elsewhere.close()
})

const headers = { authorization: 'token secret' }
const get = (url: string) =>
  guardedFetch(`${home.origin}/api/v3`, repoId(900), (_target, body) => body)(url, { headers })

test.each([
  'http://169.254.169.254/latest/meta-data',
  'http://localhost:1/api/v3/x',
  'https://api.github.com.evil.example/x',
])('%s is never asked', async (url) => {
  await expect(get(url)).rejects.toThrow(RefusedRedirect)
})

test('another port of the same host is another origin', async () => {
  await expect(get(`${elsewhere.origin}/api/v3/x`)).rejects.toThrow(RefusedRedirect)
  expect(elsewhere.seen).toEqual([])
})

test.each(['/api/v3/repositories/900/issues/7', '/'])(
  'a redirect to another host is refused, whatever its path (%s)',
  async (path) => {
    location = `${elsewhere.origin}${path}`
    await expect(get(`${home.origin}/api/v3/x`)).rejects.toThrow(RefusedRedirect)
    expect(elsewhere.seen).toEqual([])
  },
)

test.each([
  '/api/v3/repositories/900/../901/x',
  '//evil.example/api/v3/repositories/900',
  '/repositories/900',
])('a redirect to %s is refused', async (path) => {
  location = path
  await expect(get(`${home.origin}/api/v3/x`)).rejects.toThrow(RefusedRedirect)
  expect(home.seen).toHaveLength(1)
})

test('without a repository no redirect is followed', async () => {
  location = '/api/v3/repositories/900/x'
  const fetchApp = guardedFetch(`${home.origin}/api/v3`, null, (_target, body) => body)
  await expect(fetchApp(`${home.origin}/api/v3/app`, { headers })).rejects.toThrow(RefusedRedirect)
  expect(home.seen).toHaveLength(1)
})
