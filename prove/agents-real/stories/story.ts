/** What every story is. */
import type { Stage } from '../stage.ts'
import type { World } from '../world.ts'

export interface Story {
  readonly name: string
  /** Why it cannot be told of this program; null: it can. */
  readonly skipped: (world: World) => string | null
  /** Throws with what went wrong; returns what there is to say besides. */
  readonly tell: (stage: Stage) => Promise<string>
}
