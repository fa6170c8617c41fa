import type { Deadline } from '../../domain/deadline.ts'
import type { ProjectionRow } from '../../ports/store.ts'
import type { BoardMemory } from '../boards.ts'
import type { EngineDeps } from '../deps.ts'

/** With how a write begins, and until when it may go out. */
export type SurfaceDeps = EngineDeps & {
  readonly begin: (row: ProjectionRow) => Promise<void>
  readonly boards: BoardMemory
  readonly notAfter: Deadline
}
