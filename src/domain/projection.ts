/** One surface that shows a task's state. Only its newest wanted form is ever written. */
import type { Sha } from './ids.ts'

/** `check:<sha>`: one check run per pushed head. */
export type Surface = 'status' | 'labels' | `check:${Sha}`
