/** What may stand after a command's name: read from the words as they are written, into a command or what is wrong with it. */
import type { Command, CommandError, CommandName } from '../domain/command.ts'
import { sha as fullSha } from '../domain/ids.ts'
import type { Sha } from '../domain/ids.ts'

type Without<T, Key extends PropertyKey> = T extends unknown ? Omit<T, Key> : never

/** What is wrong with the argument, before it is known where and of which command. */
export type ArgumentProblem = Without<
  Extract<CommandError, { readonly kind: 'missing' | 'bad-sha' | 'bad-choice' | 'surplus' }>,
  'line' | 'name'
>

export interface Argument {
  /** As the syntax shows it: `<sha>`, `[reason]`; empty for none. */
  readonly syntax: string
  /** `word`: checked letter by letter. `line`: free text to the end of the line. `text`: to the next command or the end. */
  readonly reach: 'word' | 'line' | 'text'
  /** `given` is trimmed. */
  readonly read: (given: string) => Command | ArgumentProblem
}

export const none = (command: Command): Argument => ({
  syntax: '',
  reach: 'word',
  read: (given) => (given === '' ? command : { kind: 'surplus', given }),
})

export const reason = (make: (reason: string | null) => Command): Argument => ({
  syntax: '[reason]',
  reach: 'line',
  read: (given) => make(given === '' ? null : given),
})

export const text = (make: (text: string) => Command): Argument => ({
  syntax: '<text>',
  reach: 'text',
  read: (given) => (given === '' ? { kind: 'missing', argument: '<text>' } : make(given)),
})

/**
 * All 40 digits. Seven are what people know a commit by, but two commits with the same seven are made in seconds, and
 * who works against us is the agent that makes the commits.
 */
export const sha = (make: (sha: Sha) => Command): Argument => ({
  syntax: '<sha>',
  reach: 'word',
  read(given) {
    if (given === '') return { kind: 'missing', argument: '<sha>' }
    return /^[0-9a-f]{40}$/i.test(given)
      ? make(fullSha(given.toLowerCase()))
      : { kind: 'bad-sha', given }
  },
})

export const choice = <Value extends string>(
  name: string,
  values: readonly Value[],
  make: (value: Value) => Command,
): Argument => ({
  syntax: `<${name}>`,
  reach: 'word',
  read(given) {
    if (given === '') return { kind: 'missing', argument: `<${name}>` }
    const value = values.find((one) => one === given.toLowerCase())
    return value === undefined ? { kind: 'bad-choice', given, accepted: values } : make(value)
  },
})

/** One word that may be there or not. */
export const flag = (word: string, make: (set: boolean) => Command): Argument => ({
  syntax: `[${word}]`,
  reach: 'word',
  read(given) {
    if (given === '' || given.toLowerCase() === word) return make(given !== '')
    return { kind: 'bad-choice', given, accepted: [word] }
  },
})

/** `2`, `Q7 2`, `Q7 any words, over several lines`. */
export const answer = (
  make: (question: number | null, option: number | null, text: string) => Command,
): Argument => ({
  syntax: '[Q<n>] <option or text>',
  reach: 'text',
  read(given) {
    const named = /^Q(\d{1,6})(?::|(?=\s|$))/i.exec(given)
    const words = given.slice(named?.[0].length ?? 0).trim()
    if (words === '') return { kind: 'missing', argument: '<option or text>' }
    const option = /^\d{1,3}$/.test(words) ? Number(words) : null
    return make(named === null ? null : Number(named[1]), option, words)
  },
})

export const isProblem = (read: Command | ArgumentProblem): read is ArgumentProblem =>
  PROBLEMS.has(read.kind)

const PROBLEMS: ReadonlySet<Command['kind'] | ArgumentProblem['kind']> = new Set<
  ArgumentProblem['kind']
>(['missing', 'bad-sha', 'bad-choice', 'surplus'])

/** Adds where and of which command. */
export const located = (
  problem: ArgumentProblem,
  name: CommandName,
  line: number,
): CommandError => ({ ...problem, name, line })
