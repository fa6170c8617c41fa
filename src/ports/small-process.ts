/** A small process of the app's own, for what would stand the app still if it did it itself: starting programs. */

/** What one room of the app says to its other end there, and hears from it. Values only. */
export interface SmallProcess {
  /** A room by its name, once. `To` and `From` are what its two ends agreed on. */
  room<To, From>(name: string, ears: Ears<To, From>): Line<To>
}

export interface Ears<To, From> {
  readonly hear: (message: From) => void
  /** The process has died: what was under way there is lost. It lives again at the next word. */
  readonly gone: (why: string) => void
  /** Said first in each of its lives; null: nothing. */
  readonly greeting: To | null
}

export interface Line<To> {
  tell(message: To): void
}
