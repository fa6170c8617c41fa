// No page of another site may press the emulator's buttons, nor reach it under a name of its own.
import { request } from 'node:http'
import { Hono } from 'hono'
import { expect, test } from 'vitest'
import { scene } from './support/github.ts'

async function ask(url: string, headers: Readonly<Record<string, string>>): Promise<number> {
  const { hostname, port, pathname } = new URL(url)
  const body = 'manifest={}&confirm=yes'
  return new Promise((resolve, reject) => {
    const form = {
      'content-type': 'application/x-www-form-urlencoded',
      'content-length': body.length,
    }
    const call = request({
      hostname,
      port,
      path: pathname,
      method: 'POST',
      headers: { ...form, ...headers },
    })
    call.on('response', (response) => {
      response.resume()
      resolve(response.statusCode ?? 0)
    })
    call.on('error', reject)
    call.end(body)
  })
}

test('a form of another site is refused, our own is taken', async () => {
  const { github } = await scene()
  github.mountPages(new Hono().post('/acme/shop/issues', (c) => c.text('opened')))
  const page = `${github.url}/acme/shop/issues`
  expect(await ask(page, { origin: 'http://evil.test' })).toBe(403)
  expect(await ask(page, { origin: 'null' })).toBe(403)
  expect(await ask(page, { origin: github.url })).toBe(200)
  expect(await ask(page, {})).toBe(200)
  expect(await ask(page, { host: 'evil.test' })).toBe(421)
})

test('another site may show the set-up form, not confirm it', async () => {
  const { github } = await scene()
  const page = `${github.url}/settings/apps/new`
  expect(await ask(page, { origin: 'http://localhost:3000' })).toBe(403)
  const manifest = new URLSearchParams({ manifest: '{}' })
  const shown = await fetch(page, {
    method: 'POST',
    body: manifest,
    headers: { origin: 'http://localhost:3000' },
  })
  expect(shown.status).toBe(200)
})
