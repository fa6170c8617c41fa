/**
 * The profile's model and session mode, chosen as the session offers it: through a config option of that category, or
 * through the older list of modes or models that has a method of its own. Where an agent offers nothing to choose, its
 * arguments or its environment decide, and its preset knows how.
 */
import { methods } from '@agentclientprotocol/sdk'
import { z } from 'zod'
import { plainLine } from '../plain.ts'

const Option = z.object({ value: z.string(), name: z.string().catch('') })
const Group = z.object({ options: z.array(Option) })
const Options = z.array(
  z.looseObject({
    id: z.string(),
    type: z.string(),
    category: z.string().nullish(),
    currentValue: z.unknown().optional(),
    options: z.array(z.union([Option, Group])).catch([]),
  }),
)
const Modes = z.object({
  currentModeId: z.string(),
  availableModes: z.array(z.object({ id: z.string(), name: z.string().catch('') })),
})
const Models = z.object({
  currentModelId: z.string(),
  availableModels: z.array(z.object({ modelId: z.string(), name: z.string().catch('') })),
})

/** What a session says of itself when it begins, as far as there is anything to choose. */
export const Offer = z.object({
  configOptions: z.unknown().optional(),
  modes: z.unknown().optional(),
  models: z.unknown().optional(),
})
export type Offer = z.infer<typeof Offer>

export type Choice =
  /** None is wanted, it is set already, or the agent lets nobody choose. */
  | { readonly kind: 'leave' }
  | { readonly kind: 'set'; readonly method: SetMethod; readonly params: object }
  /** It offers some, but not this one: running another in silence would spend money, or allow what nobody chose. */
  | { readonly kind: 'missing'; readonly words: string }

type SetMethod = 'session/set_config_option' | 'session/set_mode' | 'session/set_model'

interface Offered {
  readonly current: unknown
  readonly choices: readonly { readonly value: string; readonly name: string }[]
  readonly method: SetMethod
  readonly params: (value: string) => object
}

export const chooseModel = (offer: Offer, wanted: string | null): Choice =>
  choose('model', wanted, byOption(offer, 'model') ?? byModels(offer))

/** The model that answers, as far as anybody says; its price hangs on it. */
export function modelInUse(offer: Offer, wanted: string | null): string | null {
  if (wanted !== null) return wanted
  const current = (byOption(offer, 'model') ?? byModels(offer))?.current
  return typeof current === 'string' ? plainLine(current, 100) : null
}

export const chooseMode = (offer: Offer, wanted: string | null): Choice =>
  choose('mode', wanted, byModes(offer) ?? byOption(offer, 'mode'))

function choose(what: 'model' | 'mode', wanted: string | null, offered: Offered | null): Choice {
  if (wanted === null || offered === null || offered.current === wanted) return { kind: 'leave' }
  const { choices, method, params } = offered
  const match =
    choices.find(({ value }) => value === wanted) ?? choices.find(({ name }) => name === wanted)
  if (match === undefined) {
    const names = choices.map(({ value }) => value).slice(0, 20)
    return {
      kind: 'missing',
      words: `it does not offer the ${what} ${wanted}; it offers ${names.join(', ') || 'none'}`,
    }
  }
  return match.value === offered.current
    ? { kind: 'leave' }
    : { kind: 'set', method, params: params(match.value) }
}

function byOption({ configOptions }: Offer, what: 'model' | 'mode'): Offered | null {
  const select = (Options.safeParse(configOptions).data ?? []).find(
    (option) => option.type === 'select' && (option.category ?? option.id) === what,
  )
  if (select === undefined) return null
  const { id: configId, currentValue: current, options } = select
  return {
    current,
    choices: options.flatMap((entry) => ('value' in entry ? [entry] : entry.options)),
    method: methods.agent.session.setConfigOption,
    params: (value) => ({ configId, value }),
  }
}

function byModes({ modes }: Offer): Offered | null {
  const { data } = Modes.safeParse(modes)
  if (data === undefined) return null
  return {
    current: data.currentModeId,
    choices: data.availableModes.map(({ id, name }) => ({ value: id, name })),
    method: methods.agent.session.setMode,
    params: (modeId) => ({ modeId }),
  }
}

/** Not in the stable protocol; Gemini and codex-acp have it. */
function byModels({ models }: Offer): Offered | null {
  const { data } = Models.safeParse(models)
  if (data === undefined) return null
  return {
    current: data.currentModelId,
    choices: data.availableModels.map(({ modelId, name }) => ({ value: modelId, name })),
    method: 'session/set_model',
    params: (modelId) => ({ modelId }),
  }
}
