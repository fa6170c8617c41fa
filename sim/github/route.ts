/** One REST call as the simulated GitHub answers it. */
import type { Hub } from './hub.ts'

export type Params = Readonly<Record<string, unknown>>
export interface Answer {
  readonly data: unknown
  readonly headers?: Readonly<Record<string, string>>
}
export interface Route {
  /** As the product's own messages name it. */
  readonly operation: string
  readonly effect: 'read' | 'edit' | 'create'
  readonly answer: (hub: Hub, params: Params) => Answer
}

export function read(operation: string, answer: Route['answer']): Route {
  return { operation, effect: 'read', answer }
}

export function edit(operation: string, answer: Route['answer']): Route {
  return { operation, effect: 'edit', answer }
}
