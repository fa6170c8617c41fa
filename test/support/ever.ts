/** No deadline at all, for stories that have none. */
import type { Deadline } from '../../src/domain/deadline.ts'
import { instant } from '../../src/domain/ids.ts'

export const EVER: Deadline = { wall: instant(8.64e15), monotonic: Infinity }
