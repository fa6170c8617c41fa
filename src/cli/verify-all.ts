/** Verifies every ledger against its own chain, its recorded end, and the ends noted outside the database. */
import { resolve } from 'node:path'
import type { BrokenChain, LedgerVerdict, TaskHead, Upkeep } from '../ports/upkeep.ts'
import { anchorPath, readAnchor, writeAnchor } from '../store/anchor.ts'
import { systemClock } from '../system/clock.ts'
import { CommandEnd, EXIT } from './exit.ts'
import { plural } from './print-queue.ts'
import { paint, print, printJson } from './terminal.ts'

export interface VerifyAll {
  readonly upkeep: Upkeep
  readonly dataFolder: string
  /** A list of the person's own. */
  readonly anchor: string | null
  readonly json: true | undefined
}

/** Throws `CommandEnd` with 1 when a ledger is not as it was written. */
export async function verifyAll({ upkeep, dataFolder, anchor, json }: VerifyAll): Promise<void> {
  const own = anchor === null ? null : resolve(anchor)
  const files = [anchorPath(dataFolder), ...(own === null ? [] : [own])]
  const anchors = files.flatMap((file) => {
    const found = readAnchor(file)
    return found === null ? [] : [{ file, ...found }]
  })
  const verdict = await verifyAgainst(upkeep, anchors)
  const holds = verdict.broken.length === 0
  if (json) printJson({ holds, ...verdict, against: anchors.map(({ file, at }) => ({ file, at })) })
  else {
    for (const broken of verdict.broken) print(paint(breakWords(broken), 'red'))
    for (const { file, at, heads } of anchors)
      print(
        `Compared with ${plural(heads.length, 'end')} of ${new Date(at).toISOString()} in ${file}.`,
      )
  }
  if (!holds)
    throw new CommandEnd(
      `${plural(verdict.broken.length, 'ledger')} of ${verdict.tasks} not as written.`,
      EXIT.wrong,
    )
  if (!json) print(paint(`${holdWords(verdict)}.`, 'green'))
  if (own === null) return
  writeAnchor(own, { at: systemClock.now(), heads: await upkeep.ledgerHeads() })
  if (!json) print(`The ends are noted in ${own}. Keep a copy of it on another machine.`)
}

/** Of two lists that name a task, both must hold. */
async function verifyAgainst(
  upkeep: Upkeep,
  anchors: readonly { readonly heads: readonly TaskHead[] }[],
): Promise<LedgerVerdict> {
  const [first = [], ...more] = anchors.map(({ heads }) => heads)
  const verdict = await upkeep.verifyLedgers(first)
  const broken = new Map(verdict.broken.map((one) => [one.task, one]))
  for (const heads of more)
    for (const one of (await upkeep.verifyLedgers(heads)).broken)
      if (one.n < (broken.get(one.task)?.n ?? Infinity)) broken.set(one.task, one)
  return { ...verdict, broken: [...broken.values()] }
}

export const holdWords = ({ tasks, entries }: LedgerVerdict): string =>
  `${plural(tasks, 'ledger')} with ${plural(entries, 'entry', 'entries')} ${tasks === 1 ? 'holds' : 'hold'}`

export function breakWords({ task, n, how }: BrokenChain): string {
  switch (how) {
    case 'changed':
      return `Task ${task}: entry ${n} was changed after it was written.`
    case 'cut off':
      return `Task ${task}: entry ${n} and what followed is gone.`
    case 'added':
      return `Task ${task}: entry ${n} was added by somebody else.`
    default:
      return how satisfies never
  }
}
