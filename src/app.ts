/** The Probot app: hands each verified delivery to the narrow door and awaits its durability. No decisions. */
import type { Probot } from 'probot'

export type Accept = (delivery: {
  readonly id: string
  readonly name: string
  readonly payload: unknown
}) => Promise<void>

export function createApp(accept: Accept): (probot: Probot) => void {
  return (probot) => {
    probot.onAny(async ({ id, name, payload }) => accept({ id, name, payload }))
  }
}
