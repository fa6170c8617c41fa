/** The profile's model, chosen through the session's own `model` option where the agent offers one. */
import { z } from 'zod'

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

export type ModelChoice =
  /** No model is wanted, it is set already, or the agent lets nobody choose (its arguments or environment do). */
  | { readonly kind: 'leave' }
  | { readonly kind: 'set'; readonly configId: string; readonly value: string }
  /** It offers models, but not this one: running another in silence would spend money on what nobody chose. */
  | { readonly kind: 'missing'; readonly words: string }

export function modelChoice(configOptions: unknown, wanted: string | null): ModelChoice {
  if (wanted === null) return { kind: 'leave' }
  const options = Options.safeParse(configOptions).data ?? []
  const select = options.find(
    (option) => option.type === 'select' && (option.category === 'model' || option.id === 'model'),
  )
  if (!select || select.currentValue === wanted) return { kind: 'leave' }
  const offered = select.options.flatMap((entry) => ('value' in entry ? [entry] : entry.options))
  const match = offered.find(({ value, name }) => value === wanted || name === wanted)
  if (match) return { kind: 'set', configId: select.id, value: match.value }
  const names = offered.map(({ value }) => value).slice(0, 20)
  return {
    kind: 'missing',
    words: `it does not offer the model ${wanted}; it offers ${names.join(', ') || 'none'}`,
  }
}
