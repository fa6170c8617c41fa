/** One finding of the doctor: what was looked at, how it is, and what to do about it. */

export interface Line {
  readonly check: string
  readonly level: 'ok' | 'warn' | 'bad'
  readonly says: string
  /** What the operator can do; null when there is nothing to do. */
  readonly fix: string | null
}

export const ok = (check: string, says: string, fix: string | null = null): Line => ({
  check,
  level: 'ok',
  says,
  fix,
})

/** Works, but not as well or as safely as it could; or could not be found out. */
export const warn = (check: string, says: string, fix: string | null): Line => ({
  check,
  level: 'warn',
  says,
  fix,
})

/** Something will not work until it is mended. */
export const bad = (check: string, says: string, fix: string): Line => ({
  check,
  level: 'bad',
  says,
  fix,
})
