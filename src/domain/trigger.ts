/** What the labels of an issue wish for: nothing, one profile, or something that cannot be meant. */

export type TriggerLabel =
  | { readonly kind: 'none' }
  | { readonly kind: 'default' }
  | { readonly kind: 'profile'; readonly name: string }

/** `yardmaster` wishes for the default profile, `yardmaster:<name>` for a named one. Labels are case-insensitive on GitHub. */
export function parseTriggerLabel(label: string, trigger: string): TriggerLabel {
  const lower = label.trim().toLowerCase()
  const word = trigger.toLowerCase()
  if (lower === word) return { kind: 'default' }
  if (lower.startsWith(`${word}:`))
    return { kind: 'profile', name: lower.slice(word.length + 1).trim() }
  return { kind: 'none' }
}

/** Whether a label is the very one that a wish was made with, or another that the trigger word makes one. */
export function isWishLabel(label: string, trigger: string, wished: string | null): boolean {
  if (parseTriggerLabel(label, trigger).kind !== 'none') return true
  return wished !== null && label.toLowerCase() === wished.toLowerCase()
}

export type LabelWish =
  | { readonly kind: 'none' }
  /** `profile` null: the repository's default. */
  | { readonly kind: 'one'; readonly profile: string | null }
  | { readonly kind: 'several'; readonly labels: readonly string[] }
  | { readonly kind: 'unknown'; readonly name: string; readonly known: readonly string[] }

/** Reads all labels of an issue together: two different wishes are none that can be obeyed. */
export function wishOf(
  labels: readonly string[],
  trigger: string,
  known: readonly string[],
): LabelWish {
  const wishes = labels.filter((label) => parseTriggerLabel(label, trigger).kind !== 'none')
  const [first, second] = wishes
  if (first === undefined) return { kind: 'none' }
  if (second !== undefined) return { kind: 'several', labels: wishes }
  const parsed = parseTriggerLabel(first, trigger)
  if (parsed.kind !== 'profile') return { kind: 'one', profile: null }
  const profile = known.find((name) => name.toLowerCase() === parsed.name)
  return profile === undefined
    ? { kind: 'unknown', name: parsed.name, known }
    : { kind: 'one', profile }
}
