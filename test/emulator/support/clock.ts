// A clock that a test moves by hand, starting now so that JWTs made by real clients are valid.

export type FakeClock = { readonly now: () => number; readonly advance: (ms: number) => void }

export function fakeClock(): FakeClock {
  let offset = 0
  return {
    now: () => Date.now() + offset,
    advance: (ms) => {
      offset += ms
    },
  }
}

export const SECOND = 1_000
export const MINUTE = 60 * SECOND
export const HOUR = 60 * MINUTE
