/** Where the blocks say two things: what a person has answered settles it, and what nobody has answered is asked. */
import { MAX_OPTIONS, askedOf } from '../../../domain/question.ts'
import type { Asked } from '../../../domain/question.ts'
import type { Given } from '../../answer-sections.ts'
import { findClash, readWished } from './changes.ts'
import { findDoubt } from './find-doubt.ts'
import { nameBlock, pathsOf, type Wish } from './wishes.ts'

export type Settled =
  | { readonly kind: 'settled'; readonly wishes: readonly Wish[] }
  | { readonly kind: 'asks'; readonly question: Asked }

const LINE = 80

/** `added`: wishes from answers; they are newer than the issue's about the same files, which give way. */
export async function settle(
  worktree: string,
  wishes: { readonly written: readonly Wish[]; readonly added: readonly Wish[] },
  given: readonly Given[],
): Promise<Settled> {
  const newer = new Set(wishes.added.flatMap(pathsOf))
  const older = wishes.written.filter((wish) => !pathsOf(wish).some((path) => newer.has(path)))
  let left: readonly Wish[] = [...older, ...wishes.added]
  for (let clash = findClash(left); clash !== null; clash = findClash(left)) {
    const question = askWhich(clash)
    const choice = chosen(question, given)
    const [, one, other] = clash
    if (choice === null) return { kind: 'asks', question }
    const dropped = choice === 1 ? other.block : one.block
    left = left.filter((wish) => wish.block !== dropped)
  }
  const settled: Wish[] = []
  for (const wish of left) {
    const placed = await place(worktree, wish, given)
    if (placed.kind === 'asks') return placed
    settled.push(...placed.wishes)
  }
  return { kind: 'settled', wishes: settled }
}

async function place(worktree: string, wish: Wish, given: readonly Given[]): Promise<Settled> {
  if (wish.kind === 'put') return { kind: 'settled', wishes: [wish] }
  const text = await readWished(worktree, wish)
  let placed: typeof wish = wish
  // Each round settles one hunk for good, for it then fits where it says.
  for (let round = 0; text !== null && round <= wish.hunks.length; round++) {
    const doubt = findDoubt(text, placed.hunks)
    if (doubt === null) break
    const question = askWhere(wish, doubt, text.split('\n'))
    const choice = chosen(question, given)
    const line = choice === null ? undefined : doubt.lines[choice - 1]
    const named = placed.hunks[doubt.hunk]
    if (line === undefined || named === undefined) return { kind: 'asks', question }
    // What follows it moves along, as in the file that the diff was made from.
    const shift = line - named.oldStart
    const hunks = placed.hunks.map((hunk, at) =>
      at < doubt.hunk
        ? hunk
        : { ...hunk, oldStart: hunk.oldStart + shift, newStart: hunk.newStart + shift },
    )
    placed = { ...placed, hunks }
  }
  return { kind: 'settled', wishes: [placed] }
}

/** The newest answer to the same words; null: nobody has chosen. */
function chosen(question: Asked, given: readonly Given[]): number | null {
  const words = flat(question.text)
  const answer = given.findLast(({ asked }) => words.endsWith(flat(asked)) && flat(asked) !== '')
  const choice = answer?.choice ?? null
  return choice !== null && choice <= question.options.length ? choice : null
}

/** Prompts may trim and wrap. */
const flat = (text: string): string => text.replace(/\s+/g, ' ').trim()

function askWhich([path, one, other]: readonly [string, Wish, Wish]): Asked {
  const names = `${nameBlock(one.block)} and ${nameBlock(other.block)}`
  if (one.block === other.block)
    return askedOf({
      text: `Which is meant? ${nameBlock(one.block)} says more than one thing about \`${path}\`. Answer with one block that says all about it.`,
    })
  const both =
    one.path !== path && other.path !== path
      ? `both use \`${path}\``
      : `both change \`${path}\`, in different ways`
  return askedOf({
    text: `Which is meant? ${names} ${both}. What the other one says is left out; or answer with one block that says all about it.`,
    options: [`Use ${nameBlock(one.block)}`, `Use ${nameBlock(other.block)}`],
  })
}

function askWhere(wish: Wish, doubt: { hunk: number; lines: readonly number[] }, file: string[]) {
  return askedOf({
    text: `Which place is meant? In \`${wish.path}\`, hunk ${doubt.hunk + 1} of ${nameBlock(wish.block)} fits ${doubt.lines.length === MAX_OPTIONS ? 'many places' : `${doubt.lines.length} places`}, and not the one that it names.`,
    options: doubt.lines.map((line) => {
      const before = file.slice(0, line).findLast((text) => /^\S/.test(text)) ?? ''
      const shown = (file[line - 1] ?? '').trim() === '' ? before : (file[line - 1] ?? '')
      return `Line ${line}: ${shown.trim().slice(0, LINE)}${before !== '' && before !== shown ? `, below ${before.trim().slice(0, LINE)}` : ''}`
    }),
  })
}
