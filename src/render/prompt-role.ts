/** Who an agent is told to be: the repository's own words where its default branch has them, else ours; and where it is. */
import type { Task } from '../domain/task.ts'
import { stripInvisible } from '../domain/invisible.ts'
import { countWords, quoted } from './prompt-words.ts'

/** Of one who works alone on one task, the only role there is so far. */
export const ROLE_FILE = '.github/yardmaster/roles/worker.md'

/** Of the budget's 500, where the rules leave as much. */
export const ROLE_WORDS = 120

const BUILT_IN = 'You are a software engineer working alone on one task'
const OF_THE_FILE = 'You work alone on one task'

export interface Role {
  /** Empty: the file says nothing, and ours is used. */
  readonly text: string
  /** Words of the file that there was no room for. */
  readonly cut: number
}

/** What of the file is used: its first words, `room` of them at most. Comments in it are for people. */
export function roleOf(file: string | null, room = ROLE_WORDS): Role {
  const most = Math.max(0, Math.min(room, ROLE_WORDS))
  const text = stripInvisible(file ?? '')
    .replaceAll(/<!--[^]*?(?:-->|$)/g, '')
    .trim()
  const words = countWords(text)
  if (words <= most) return { text, cut: 0 }
  const end = [...text.matchAll(/\S+/g)].at(most)?.index ?? text.length
  return { text: text.slice(0, end).trimEnd(), cut: words - most }
}

/** `text`: of the role; empty: it is ours. */
export function opening({ number }: Task, text: string): string {
  const where = `resolve issue #${number}, whose text is given below. The current folder is a Git worktree made for this task; all that you need is in it. Nobody can answer you while you work: decide what can be decided, and say what you decided.`
  return text === '' ? `${BUILT_IN}: ${where}` : `${quoted(text)}\n\n${OF_THE_FILE}: ${where}`
}
