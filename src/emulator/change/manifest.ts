// Reads a GitHub App manifest, from a file such as app.yml or from the manifest flow's form.
import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import { allows } from '../auth/permission.ts'
import { EVENT_NEEDS } from '../webhooks/subscription.ts'
import type { Level, Permissions } from '../world/app.ts'
import { unprocessable } from '../world/refusal.ts'

export type Manifest = {
  readonly name: string
  readonly url: string
  readonly description: string
  readonly public: boolean
  readonly events: readonly string[]
  readonly permissions: Permissions
  readonly hookUrl: string | null
  readonly redirectUrl: string | null
}

const LEVELS: ReadonlySet<unknown> = new Set(['read', 'write', 'admin'])

/** From a YAML file, or from an object of the same form. */
export function loadManifest(source: string | URL | object): Manifest {
  if (typeof source === 'string' || source instanceof URL) {
    return readManifest(parse(readFileSync(source, 'utf8')))
  }
  return readManifest(source)
}

/** 422 with the name of the field that is missing or wrong. */
export function readManifest(value: unknown): Manifest {
  const fields = object(value, 'manifest')
  const hook =
    fields['hook_attributes'] === undefined
      ? {}
      : object(fields['hook_attributes'], 'hook_attributes')
  const permissions = object(fields['default_permissions'] ?? {}, 'default_permissions')
  const events = fields['default_events'] ?? []
  if (!Array.isArray(events)) throw unprocessable('default_events must be a list')
  for (const [name, level] of Object.entries(permissions)) {
    if (!LEVELS.has(level))
      throw unprocessable(`default_permissions.${name} must be read, write or admin`)
  }
  checkEvents(events.map(String), permissions)
  return {
    name: text(fields['name'], 'name'),
    url: text(fields['url'], 'url'),
    description: typeof fields['description'] === 'string' ? fields['description'] : '',
    public: fields['public'] === true,
    events: events.map(String),
    permissions: permissions as Readonly<Record<string, Level>>,
    hookUrl: typeof hook['url'] === 'string' ? hook['url'] : null,
    redirectUrl: typeof fields['redirect_url'] === 'string' ? fields['redirect_url'] : null,
  }
}

/** GitHub takes only events that the permissions let the App hear. */
function checkEvents(
  events: readonly string[],
  permissions: Readonly<Record<string, unknown>>,
): void {
  const unknown = events.filter((event) => EVENT_NEEDS[event] === undefined)
  if (unknown.length > 0) throw unprocessable(`Default events unsupported: ${unknown.join(', ')}`)
  const held = { ...permissions, metadata: 'read' } as Permissions
  const deaf = events.filter(
    (event) => !(EVENT_NEEDS[event] ?? []).some((need) => allows(held, need)),
  )
  if (deaf.length === 0) return
  throw unprocessable(`Default events are not supported by permissions: ${deaf.join(', ')}`)
}

function text(value: unknown, name: string): string {
  if (typeof value === 'string' && value !== '') return value
  throw unprocessable(`${name} is missing in the manifest`)
}

function object(value: unknown, name: string): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return value as Readonly<Record<string, unknown>>
  }
  throw unprocessable(`${name} must be an object`)
}
