/** Whether the board that a repository names can show its tasks. Facts in, lines out; labels show the same without it. */
import { COLUMN_KEYS, sameColumn } from '../../domain/board.ts'
import type { BoardSettings } from '../../domain/board.ts'
import type { BoardShape } from '../../ports/board.ts'
import { ok, warn } from './line.ts'
import type { Line } from './line.ts'

export interface BoardFacts {
  readonly settings: BoardSettings
  readonly shape: BoardShape | { readonly refused: string }
  /** The App hears of moved cards. */
  readonly tellsCards: boolean
}

const GRANT =
  'Grant the App “Projects: read and write” among its organisation permissions, and accept it in the installation. Projects of a person: set YARDMASTER_BOARD_TOKEN, or use labels.'

export function judgeBoard(
  name: string,
  { settings, shape, tellsCards }: BoardFacts,
): readonly Line[] {
  const { project, columns } = settings
  if ('refused' in shape)
    return [warn(name, `project ${project} cannot be reached: ${shape.refused}`, GRANT)]
  const there = [...(shape.status?.options.keys() ?? [])]
  const missing = COLUMN_KEYS.filter(
    // The backlog may have no column of its own.
    (key) => key !== 'backlog' && !there.some((one) => sameColumn(one, columns[key])),
  ).map((key) => columns[key])
  const add = 'Run `yardmaster board init`, or name the columns under `board.status`.'
  return [
    missing.length === 0
      ? ok(name, `project ${project} shows its tasks`)
      : warn(name, `project ${project} has no column ${missing.join(', ')}`, add),
    ...(tellsCards
      ? []
      : [
          warn(
            name,
            'nobody tells who moves a card, so every move goes back',
            "Tick the event Project v2 item on the App's settings page.",
          ),
        ]),
  ]
}
