/** Keeps a command up until it is asked to stop; stops it gracefully once, and at once when asked again. */
import { constants } from 'node:os'
import { EXIT } from './exit.ts'
import { complain } from './terminal.ts'

/** Room for agents to be ended with their work collected; what supervisors wait before they kill. Milliseconds. */
const GRACE = 30_000
/** A terminal sends Ctrl+C to every process of the group, and npm passes it on once more: that is one wish. Milliseconds. */
const SAME_WISH = 500

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

export interface StopWish {
  /** Resolves at the first signal. */
  readonly asked: Promise<void>
}

/** From here on a first signal is only noted, to be obeyed once what is starting stands; a second one ends the process itself. */
export function listenForStop(): StopWish {
  const { promise: asked, resolve } = Promise.withResolvers<void>()
  let first: number | null = null
  const onSignal = (signal: (typeof SIGNALS)[number]): void => {
    const now = performance.now()
    if (first === null) {
      first = now
      resolve()
    } else if (now - first > SAME_WISH) {
      complain('Stopped at once; what was under way is picked up at the next start.')
      process.exit(128 + constants.signals[signal])
    }
  }
  for (const signal of SIGNALS) process.on(signal, onSignal)
  return { asked }
}

/** Resolves with the exit code. `broken` resolves when it must end unasked, with the reason; its exit code says so then. */
export async function untilStopped(
  stop: () => Promise<void>,
  words: { readonly stopping: string; readonly broken?: Promise<string> },
  wish = listenForStop(),
): Promise<number> {
  const broken = await Promise.race([
    wish.asked.then(() => null),
    ...(words.broken === undefined ? [] : [words.broken]),
  ])
  if (broken === null) {
    complain(words.stopping)
    return await stopInTime(stop)
  }
  complain(`Yardmaster cannot go on: ${broken}`)
  complain(
    'It ends now. Mend the cause and start it again, or let its supervisor do so; nothing acknowledged is lost.',
  )
  await stopInTime(stop)
  return EXIT.unreachable
}

async function stopInTime(stop: () => Promise<void>): Promise<number> {
  const { promise: late, resolve } = Promise.withResolvers<'late'>()
  const timer = setTimeout(() => resolve('late'), GRACE)
  try {
    const ended = await Promise.race([stop().then(() => 'stopped' as const), late])
    if (ended === 'stopped') return EXIT.ok
    complain(
      `Not everything had stopped after ${GRACE / 1000} s; the rest is picked up at the next start.`,
    )
    return EXIT.wrong
  } finally {
    clearTimeout(timer)
  }
}
