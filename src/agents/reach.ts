/**
 * What an agent may reach, and what of the operator's environment it holds. Where its program lets itself be told an
 * address, the proxy shows the key and the agent has none; where not, it holds the key and its model's hosts are let
 * through. Without a jail nothing can be held, so that the operator's environment is what counts.
 */
import type { NetworkPolicy, Profile } from '../domain/settings.ts'
import { presetOf } from '../policy/presets.ts'
import type { ModelAccess, Preset } from '../policy/presets/preset.ts'
import { MODEL_ORIGIN } from '../ports/jail.ts'
import type { JailSpec, ModelDoor } from '../ports/jail.ts'
import type { AgentsOptions } from './agents-options.ts'
import { environmentOf, type AgentEnvironment } from './environment.ts'

export interface Reach extends AgentEnvironment {
  readonly network: JailSpec['network']
}

/** What stands in the key's place: programs ask for one, whatever it is. */
const NO_KEY = 'held-by-yardmaster'

type Inherited = AgentsOptions['environment']
type Options = Pick<AgentsOptions, 'environment' | 'network' | 'allow' | 'jail'>

export function reachOf(options: Options, profile: Profile): Reach {
  const { environment, allow, jail } = options
  const policy: NetworkPolicy = jail.kind === 'none' ? 'open' : (profile.network ?? options.network)
  const asItIs = environmentOf(profile, environment)
  if (policy !== 'model-only') return { ...asItIs, network: policy }
  const preset = presetOf(profile)
  const access = preset?.model ?? null
  if (preset === null || access === null) return { ...asItIs, network: { allow, model: null } }
  const visible: Inherited = Object.fromEntries(
    profile.env.map((name) => [name, environment[name]]),
  )
  const key = keyOf(preset, access, visible)
  const door = doorTo(access, visible, key)
  // With a door there is no other way: past it, work could be sent to somebody else's account at the same host.
  if (door === null || access.baseUrl === null)
    return { ...asItIs, network: { allow: [...allow, ...access.hosts], model: null } }
  const names = profile.env.filter(
    (name) => key === null || (!isOtherLogin(preset, name) && visible[name] !== door.secret),
  )
  const told = { [access.baseUrl]: MODEL_ORIGIN, ...(key === null ? {} : { [key]: NO_KEY }) }
  const { env } = environmentOf(
    { ...profile, env: [...names, ...Object.keys(told)] },
    { ...environment, ...told },
  )
  return { env, missing: asItIs.missing, network: { allow, model: door } }
}

/** The variable whose key is to be shown; null: the operator has none. A token of a login is not one: it is shown otherwise. */
const keyOf = (preset: Preset, { key }: ModelAccess, visible: Inherited): string | null =>
  [key, ...preset.login].find(
    (name) => name !== null && name.endsWith('KEY') && (visible[name] ?? '') !== '',
  ) ?? null

/** Null: it lets itself be told no address, or there is neither a key nor an address of the operator's own. */
function doorTo(
  { hosts, baseUrl, header, path = '' }: ModelAccess,
  visible: Inherited,
  key: string | null,
): ModelDoor | null {
  if (baseUrl === null) return null
  const address = visible[baseUrl] ?? ''
  if (address === '' && key === null) return null
  const upstream = URL.parse(address === '' ? `https://${hosts[0]}${path}` : address)
  if (upstream === null || !/^https?:$/.test(upstream.protocol)) return null
  return {
    upstream: upstream.href,
    header,
    secret: key === null ? null : (visible[key] ?? null),
  }
}

/** Of several ways to pay that a preset knows, one is used; the others must not lie about. */
const isOtherLogin = (preset: Preset, name: string): boolean =>
  preset.login.includes(name) || (preset.env.includes(name) && /(KEY|TOKEN)$/.test(name))
