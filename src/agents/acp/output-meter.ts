/** Counts what an agent puts out and says when it is too much, so that one agent cannot take the memory or the event loop of all. */
import type { Clock } from '../../ports/clock.ts'
import { BOUNDS } from '../bounds.ts'

export interface OutputMeter {
  bytes(count: number): void
  message(): void
  /** A line on stdout that is no protocol message. */
  strange(line: string): void
  /** A line longer than `BOUNDS.lineBytes`. */
  oversize(): void
  /** A request of the agent came (+1) or was answered (−1). */
  request(change: 1 | -1): void
}

const mebibytes = (bytes: number): string => `${Math.round(bytes / 1024 / 1024)} MiB`

/** `onTooMuch` is called once, with a sentence's end such as "wrote more than 64 MiB within 10 s". */
export function meterOutput(clock: Clock, onTooMuch: (words: string) => void): OutputMeter {
  let windowStart = clock.monotonic()
  let windowBytes = 0
  let windowMessages = 0
  let totalBytes = 0
  let strangeLines = 0
  let strangeBytes = 0
  let firstStrange = ''
  let openRequests = 0
  let over = false

  const seconds = BOUNDS.windowMilliseconds / 1000
  const tooMuch = (words: string): void => {
    if (over) return
    over = true
    onTooMuch(words)
  }
  const turnWindow = (): void => {
    const now = clock.monotonic()
    if (now - windowStart < BOUNDS.windowMilliseconds) return
    windowStart = now
    windowBytes = 0
    windowMessages = 0
  }

  return {
    bytes(count) {
      turnWindow()
      windowBytes += count
      totalBytes += count
      if (windowBytes > BOUNDS.windowBytes)
        tooMuch(`wrote more than ${mebibytes(BOUNDS.windowBytes)} within ${seconds} s`)
      else if (totalBytes > BOUNDS.outputBytes)
        tooMuch(`wrote more than ${mebibytes(BOUNDS.outputBytes)}`)
    },
    message() {
      turnWindow()
      windowMessages += 1
      if (windowMessages > BOUNDS.windowMessages)
        tooMuch(`sent more than ${BOUNDS.windowMessages} messages within ${seconds} s`)
    },
    strange(line) {
      strangeLines += 1
      strangeBytes += line.length
      firstStrange ||= line
      if (strangeLines > BOUNDS.strangeLines || strangeBytes > BOUNDS.strangeBytes)
        tooMuch(
          `does not speak ACP on its standard output; the first line that is no message: ${firstStrange.slice(0, 200)}`,
        )
    },
    oversize() {
      tooMuch(`wrote a line of more than ${mebibytes(BOUNDS.lineBytes)}`)
    },
    request(change) {
      openRequests += change
      if (openRequests > BOUNDS.openRequests)
        tooMuch(`sent ${openRequests} requests without reading the answers`)
    },
  }
}
