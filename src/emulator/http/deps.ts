// What every door of the emulator (REST, GraphQL, git) shares.
import type { World } from '../world/world.ts'
import type { Faults } from './faults.ts'
import type { Journal } from './journal.ts'
import type { Limits } from './limits.ts'
import type { Webhooks } from '../webhooks/dispatcher.ts'

export type Deps = {
  readonly world: World
  readonly webhooks: Webhooks
  readonly limits: Limits
  readonly faults: Faults
  readonly journal: Journal
}
