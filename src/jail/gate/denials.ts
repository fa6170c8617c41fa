/** Where a program wanted to go and was not let; its words, so bounded in number and length, and plain in letters. */

const MOST = 50
const LONGEST = 100

export interface Denials {
  readonly add: (where: string) => void
  readonly list: () => readonly string[]
}

export function keepDenials(): Denials {
  const seen = new Set<string>()
  return {
    add: (where) => {
      if (seen.size < MOST) seen.add(where.replace(/[^\w.:[\]-]/g, '?').slice(0, LONGEST))
    },
    list: () => [...seen],
  }
}
