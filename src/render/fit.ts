/** Keeps a text within GitHub's limit by leaving out what matters least, and saying that something was left out. */

export interface Section {
  readonly text: string
  /** What matters more has the higher number; of equals the later goes first. */
  readonly keep: number
}

/** GitHub takes 65,536 characters; the rest is room for the marker that the adapter adds. */
export const BODY_LIMIT = 65_000

const NOTE = '_Some of this was left out, because GitHub takes no longer text._'

export function fit(sections: readonly Section[], limit = BODY_LIMIT): string {
  const kept = sections.filter(({ text }) => text !== '')
  const whole = join(kept)
  if (whole.length <= limit) return whole
  const order = kept.toSorted((a, b) => a.keep - b.keep || kept.indexOf(b) - kept.indexOf(a))
  const left = new Set(kept)
  for (const section of order) {
    if (left.size === 1) break
    left.delete(section)
    const shorter = join([...kept.filter((one) => left.has(one)), { text: NOTE, keep: 0 }])
    if (shorter.length <= limit) return shorter
  }
  return whole.slice(0, limit - 1).toWellFormed()
}

const join = (sections: readonly Section[]): string => sections.map(({ text }) => text).join('\n\n')
