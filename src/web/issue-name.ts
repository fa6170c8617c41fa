/** How a person names an issue at the terminal: `owner/repo#12`, its address, or `#12` where only one repository is known. */

export interface IssueName {
  /** `owner/repo`; null when only the number was given. */
  readonly repository: string | null
  readonly number: number
}

const FORMS = [
  /^(?<repository>[\w.-]+\/[\w.-]+)#(?<number>[1-9]\d{0,9})$/,
  /^#?(?<number>[1-9]\d{0,9})$/,
  /^https?:\/\/[^/\s]+\/(?<repository>[\w.-]+\/[\w.-]+)\/issues\/(?<number>[1-9]\d{0,9})(?:[/?#].*)?$/,
]

/** Null for anything else. */
export function parseIssueName(text: string): IssueName | null {
  for (const form of FORMS) {
    const named = form.exec(text.trim())?.groups
    if (named === undefined) continue
    return { repository: named['repository'] ?? null, number: Number(named['number']) }
  }
  return null
}
