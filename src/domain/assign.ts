/** Who is asked for a look at a new pull request: whoever owes fewest, in turn, and nobody beyond what they take on. */
import { samePerson } from './review.ts'

export interface Candidates {
  /** In the order in which they take turns; the first ones come from CODEOWNERS. */
  readonly logins: readonly string[]
  /** Who wrote what is to be looked at: asked only where there is nobody else. */
  readonly authors: readonly string[]
  /** How many looks each owes now, by login. */
  readonly owes: (login: string) => number
  /** Looks that one person may owe before nobody asks them for another. */
  readonly capacity: number
  /** Of the pull request: where the turn begins among those who owe alike. */
  readonly turn: number
}

/** Best first; empty: nobody has room. */
export function assign({ logins, authors, owes, capacity, turn }: Candidates): readonly string[] {
  const isAuthor = (login: string): boolean => authors.some((one) => samePerson(one, login))
  const others = logins.filter((login) => !isAuthor(login))
  const asked = others.length > 0 ? others : logins
  const place = (at: number): number => (at - (turn % asked.length) + asked.length) % asked.length
  return asked
    .map((login, at) => ({ login, owes: owes(login), place: place(at) }))
    .filter((one) => one.owes < capacity)
    .toSorted((a, b) => a.owes - b.owes || a.place - b.place)
    .map(({ login }) => login)
}
