/** The timeline of a task on a terminal, and whether its hash chain holds. */
import type { LedgerView } from '../web/view-types.ts'
import { plural } from './print-queue.ts'
import { oneLine, paint, print, table } from './terminal.ts'

export function printLedger({ issue, title, entries }: LedgerView): void {
  print(`${paint(issue, 'bold')}  ${oneLine(title)}`)
  print()
  const rows = entries.map((entry) => [
    { text: String(entry.n), paint: 'dim' as const },
    { text: new Date(entry.at).toISOString().replace('T', ' ').slice(0, 19) },
    { text: entry.event, paint: 'cyan' as const },
    { text: entry.by === null ? '' : `@${entry.by}` },
    { text: entry.why },
  ])
  // The reasons are the point of a ledger, so none is cut.
  for (const line of table(rows, null)) print(line)
}

export function printVerdict({ entries }: LedgerView, broken: number | null): void {
  print()
  if (broken !== null) {
    print(
      paint(`The chain is broken at entry ${broken}: it was changed after it was written.`, 'red'),
    )
    return
  }
  const head = entries.at(-1)?.hash ?? ''
  print(
    paint(
      `The chain of ${plural(entries.length, 'entry', 'entries')} holds. Head: ${head}`,
      'green',
    ),
  )
}
