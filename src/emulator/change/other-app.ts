// Apps of others, such as a CI: they report check runs and hear of nothing, and nobody installs them
// here.
import { generateKeyPairSync } from 'node:crypto'
import type { App } from '../world/app.ts'
import { nodeId, type World } from '../world/world.ts'
import { createUser } from './accounts.ts'

/** The App of this slug, made up when it is not there yet. */
export function otherApp(world: World, slug: string): App {
  const known = world.otherApps.get(slug)
  if (known !== undefined) return known
  const id = world.nextId()
  // Never used to sign in; of this kind because one is made in no time.
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  const app: App = {
    id,
    nodeId: nodeId('A', id),
    slug,
    owner: world.user('app-owner'),
    bot: createUser(world, { login: `${slug}[bot]`, type: 'Bot' }),
    clientId: `Iv1.${slug}`,
    clientSecret: '',
    privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    publicKey,
    createdAt: world.stamp(),
    name: slug,
    description: '',
    externalUrl: `${world.url}/apps/${slug}`,
    public: true,
    webhookUrl: null,
    webhookSecret: '',
    permissions: { checks: 'write', metadata: 'read' },
    events: [],
  }
  world.otherApps.set(slug, app)
  return app
}
