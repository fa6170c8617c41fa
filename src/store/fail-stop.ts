/**
 * When PostgreSQL stops for good (a flush or a write of its log failed, memory ran out), PGlite 0.5
 * swallows that and calls it again for ever, which freezes the whole process. Here it ends instead:
 * the statement under way and every later one is refused, and nothing touches the files any more.
 */
import type { PGlite } from '@electric-sql/pglite'

/** The status with which PostgreSQL leaves a statement that failed in the ordinary way. */
const ORDINARY_ERROR = 100

/** The embedded database has stopped and answers nothing until the program is started again. */
export class EmbeddedStopped extends Error {
  constructor(words: string | null, cause: unknown) {
    const why = words === null ? '' : ` (${words})`
    super(`the embedded database has stopped${why}; start Yardmaster again`, { cause })
    this.name = 'EmbeddedStopped'
  }
}

/**
 * Returns how to ask whether the database has stopped; `onStopped` is called once when it does.
 * `lastWords`: what PostgreSQL itself said of it.
 */
export function installFailStop(
  pglite: PGlite,
  lastWords: () => string | null,
  onStopped: (error: Error) => void,
): () => boolean {
  const machine = pglite.Module
  const run = machine._PostgresMainLoopOnce
  let stopped: Error | null = null

  machine._PostgresMainLoopOnce = () => {
    try {
      run()
    } catch (error) {
      if (isOrdinary(error)) throw error
      const halt = new EmbeddedStopped(lastWords(), error)
      stopped = halt
      const refuse = () => {
        throw halt
      }
      // PGlite restores the stack in its catch clause: the one place from which an error gets out.
      machine.stackRestore = refuse
      machine._PostgresMainLoopOnce = refuse
      machine._PostgresSendReadyForQueryIfNecessary = () => {}
      machine._pgl_pq_flush = () => {}
      onStopped(halt)
      throw halt
    }
  }
  return () => stopped !== null
}

const isOrdinary = (error: unknown): boolean =>
  typeof error === 'object' &&
  error !== null &&
  'status' in error &&
  error.status === ORDINARY_ERROR
