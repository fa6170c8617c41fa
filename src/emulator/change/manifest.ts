// Reads a GitHub App manifest, from a file such as app.yml or from the manifest flow's form.
import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
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
