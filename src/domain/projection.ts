/** One surface that shows a task's state. Only its newest wanted form is ever written. */
import type { Sha } from './ids.ts'

/** `check:<sha>`: one check run per pushed head; `approval:<sha>`: another, where the requester's own approval does not count. */
export type Surface = 'status' | 'labels' | 'board' | `check:${Sha}` | `approval:${Sha}`
