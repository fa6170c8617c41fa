/** A secret found in work that was about to leave. Its value is nowhere in here: what is told is what it is, and where it stands. */

export interface Leak {
  readonly where: LeakPlace
  /** In words for people, such as `a GitHub token`. */
  readonly name: string
  /** A secret of this Yardmaster itself, rather than something with the shape of one: nobody's yes lets it out. */
  readonly live: boolean
}

export type LeakPlace =
  | { readonly kind: 'file'; readonly path: string; readonly line: number }
  /** The name itself holds it, so that it is not told either. */
  | { readonly kind: 'file-name' }
  | { readonly kind: 'message' }
  | { readonly kind: 'branch' }
  /** The agent's own words about its work. They are shown without it, whatever is decided. */
  | { readonly kind: 'words' }
  /** More was changed than can be looked through. */
  | { readonly kind: 'too-much' }

/** As many as a person will look at one by one. A judgement. */
export const LEAKS = 20

/** Whether a person may let the work pass all the same. */
export const mayPass = ({ live, where }: Leak): boolean => !live || where.kind === 'words'
