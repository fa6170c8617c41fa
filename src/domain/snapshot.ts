/** The text that a maintainer blessed by labelling, frozen: what agents see is this and nothing newer. */
import { hash } from 'node:crypto'

export interface Snapshot {
  readonly title: string
  readonly body: string
}

/** SHA-256 over title and body. */
export function snapshotHash(snapshot: Snapshot): string {
  return hash('sha256', JSON.stringify([snapshot.title, snapshot.body]))
}
