/** Boards of organisations, in the emulator, as people set them up for Yardmaster. */
import type { Emulator } from '../../src/emulator/emulator.ts'

const COLUMNS: readonly string[] = [
  'Backlog',
  'Todo',
  'In Progress',
  'Needs answer',
  'Needs approval',
  'In Review',
  'On hold',
  'Failed',
  'Done',
]

export interface BoardPlace {
  readonly owner: string
  readonly project: number
}

/** An organisation with one board, made by its owner, with the fields that Yardmaster fills. */
export function organisationWithBoard(
  emulator: Emulator,
  {
    owner,
    by,
    members = [],
    columns = COLUMNS,
  }: {
    readonly owner: string
    readonly by: string
    readonly members?: readonly string[]
    readonly columns?: readonly string[]
  },
): BoardPlace {
  emulator.createOrganization({ login: owner, owners: [by], members })
  const { number: project } = emulator.createProject({ owner, title: 'Yard' })
  const at = { owner, project, as: by }
  emulator.deleteField({ ...at, name: 'Status' })
  emulator.createField({
    ...at,
    name: 'Status',
    type: 'single_select',
    options: columns.map((name) => ({ name, color: 'GRAY', description: '' })),
  })
  emulator.createField({ ...at, name: 'Attempt', type: 'number' })
  emulator.createField({ ...at, name: 'Agent', type: 'text' })
  return { owner, project }
}
