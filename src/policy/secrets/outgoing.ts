/**
 * Looks through what a push would publish: the lines and messages of every commit, the names of files and branch. Cut into
 * pieces, so that whoever looks can breathe between them; a secret that lies across a cut is found in the next piece.
 */
import type { Leak, LeakPlace } from '../../domain/leak.ts'
import type { Secrets } from './secrets.ts'

export interface Outgoing {
  /** As `git diff-tree -p --pretty` tells commits: a message indented, then the changes of each file. */
  readonly log: string
  readonly paths: readonly string[]
  readonly branch: string
  /** What the agent says of the work. */
  readonly words: string
}

/** Text of one kind, whose lines are known. */
export interface Piece {
  readonly text: string
  readonly where: LeakPlace['kind']
  readonly path: string
  /** The line in the file of each line of the text. */
  readonly lines: readonly number[]
}

/** Characters looked at in one go: some 15 ms. A judgement. */
const MOST = 200_000
/** Of one piece looked at again with the next: longer than any key that is pasted. */
const OVERLAP = 8_000

/** Characters of a path that are told. */
const LONGEST_PATH = 300

/** The places where something was found, at most one for each line and name. */
export function leaksIn(piece: Piece, secrets: Pick<Secrets, 'find' | 'mask'>): readonly Leak[] {
  // Where a file's name holds one as well, it must not be told by the name.
  const path = secrets.mask(piece.path).slice(0, LONGEST_PATH).toWellFormed()
  return secrets.find(piece.text).map(({ name, live, start }) => ({
    where: placeOf({ ...piece, path }, start),
    name,
    live,
  }))
}

function placeOf({ text, where, path, lines }: Piece, at: number): LeakPlace {
  if (where !== 'file') return { kind: where }
  const line = text.slice(0, at).split('\n').length - 1
  return { kind: 'file', path, line: lines[line] ?? 1 }
}

/** All that would leave, piece by piece. */
export function* piecesOf(outgoing: Outgoing): Generator<Piece> {
  const { log, paths, branch, words } = outgoing
  yield plain('branch', branch)
  // One by one: what only several names together would hold is no secret that anybody meant.
  for (const path of paths) yield plain('file-name', path)
  yield* cutUp(plain('words', words))
  for (const piece of readLog(log)) yield* cutUp(piece)
}

const plain = (where: LeakPlace['kind'], text: string): Piece => ({
  text,
  where,
  path: '',
  lines: [],
})

function* cutUp(piece: Piece): Generator<Piece> {
  const { text, lines } = piece
  let at = 0
  while (text.length - at > MOST) {
    yield { ...piece, text: text.slice(at, at + MOST), lines: lines.slice(linesBefore(text, at)) }
    at += MOST - OVERLAP
  }
  yield at === 0
    ? piece
    : { ...piece, text: text.slice(at), lines: lines.slice(linesBefore(text, at)) }
}

const linesBefore = (text: string, at: number): number => text.slice(0, at).split('\n').length - 1

/** Messages are indented by four; a file begins with `diff`; of its lines those count that are added. */
function* readLog(log: string): Generator<Piece> {
  let message: string[] = []
  let file: { path: string; readonly added: string[]; readonly lines: number[] } | null = null
  let hunk: { line: number; readonly marks: number } | null = null
  for (const line of log.split('\n')) {
    if (line.startsWith('diff --')) {
      if (message.length > 0) yield plain('message', message.join('\n'))
      message = []
      if (file !== null) yield pieceOf(file)
      file = { path: '', added: [], lines: [] }
      hunk = null
    } else if (/^commit [0-9a-f]{40,64}$/.test(line)) {
      // Within a file every line begins with a mark, so that none of them reads like this.
      if (file !== null) yield pieceOf(file)
      file = null
      hunk = null
    } else if (file === null) message.push(line)
    else if (hunk === null && line.startsWith('+++ '))
      file.path = line.slice(4).replace(/^"?b\//, '')
    else if (line.startsWith('@@')) hunk = hunkOf(line)
    else if (hunk !== null) {
      const marks = line.slice(0, hunk.marks)
      if (marks.includes('+')) {
        file.added.push(line.slice(hunk.marks))
        file.lines.push(hunk.line)
      }
      if (!marks.includes('-') && marks.trimStart() !== '\\') hunk.line += 1
    }
  }
  if (message.length > 0) yield plain('message', message.join('\n'))
  if (file !== null) yield pieceOf(file)
}

const pieceOf = (file: {
  readonly path: string
  readonly added: readonly string[]
  readonly lines: readonly number[]
}): Piece => ({ text: file.added.join('\n'), where: 'file', path: file.path, lines: file.lines })

/** `@@ -1,2 +3,4 @@`; of a merge `@@@ -1 -1 +1 @@@`, where each parent has a mark. */
function hunkOf(line: string): { line: number; readonly marks: number } {
  const ats = /^@+/.exec(line)?.[0].length ?? 2
  return { line: Number(/ \+(\d+)/.exec(line)?.[1] ?? 1), marks: ats - 1 }
}
