/** Exit codes that mean something, and the one error that carries one to the end of the program. */

export const EXIT = {
  ok: 0,
  /** Something is wrong, and the output says what. */
  wrong: 1,
  /** The command was not understood. */
  usage: 2,
  /** What it needs cannot be reached, or somebody else holds it. */
  unreachable: 3,
} as const

export const EXIT_MEANINGS: readonly (readonly [code: number, meaning: string])[] = [
  [EXIT.ok, 'all is well'],
  [EXIT.wrong, 'something is wrong, and the output says what'],
  [EXIT.usage, 'the command was not understood'],
  [EXIT.unreachable, 'what it needs cannot be reached, or another process holds it'],
]

/** Ends the command with a message for the person at the terminal; never with a stack trace. */
export class CommandEnd extends Error {
  readonly code: number

  constructor(message: string, code: number) {
    super(message)
    this.name = 'CommandEnd'
    this.code = code
  }
}
