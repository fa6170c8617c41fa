// The manifest flow: a form registers an App and sends the browser back with a code, which is good
// for one conversion within an hour.
import { randomBytes } from 'node:crypto'
import type { App } from '../world/app.ts'
import { notFound } from '../world/refusal.ts'
import type { User } from '../world/people.ts'
import type { World } from '../world/world.ts'
import { createApp } from './apps.ts'
import { readManifest } from './manifest.ts'

const CODE_LIFE_MS = 60 * 60 * 1000

/** Registers the App; gives the address to send the browser back to. */
export async function registerFromManifest(
  world: World,
  given: { readonly manifest: unknown; readonly owner: User; readonly state: string | null },
): Promise<{ readonly app: App; readonly redirect: string | null }> {
  const manifest = readManifest(given.manifest)
  const app = await createApp(world, {
    manifest,
    owner: given.owner,
    webhookUrl: manifest.hookUrl,
    webhookSecret: randomBytes(20).toString('hex'),
  })
  if (manifest.redirectUrl === null) return { app, redirect: null }
  const code = randomBytes(20).toString('hex')
  world.conversions.set(code, { app, expiresAt: world.now() + CODE_LIFE_MS })
  const redirect = new URL(manifest.redirectUrl)
  redirect.searchParams.set('code', code)
  if (given.state !== null) redirect.searchParams.set('state', given.state)
  return { app, redirect: redirect.href }
}

/** The App of a code; a code is good once. */
export function takeConversion(world: World, code: string): App {
  const found = world.conversions.get(code)
  if (found === undefined || found.expiresAt <= world.now()) throw notFound()
  world.conversions.delete(code)
  return found.app
}
