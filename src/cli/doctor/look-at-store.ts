/** Gathers how the store is: through the socket of a live process, or by opening it. Makes none. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { askControl } from '../../web/ask-control.ts'
import { controlPath } from '../../web/control-path.ts'
import type { Environment } from '../environment.ts'
import { explainError } from '../explain-error.ts'
import { openStore } from '../open-reading.ts'
import type { StoreFacts } from './judge-store.ts'
import { isWritable } from './look-at-host.ts'

export async function lookAtStore(environment: Environment): Promise<StoreFacts> {
  const { databaseUrl, dataFolder } = environment
  try {
    const remote = await askControl(controlPath(dataFolder))
    if (remote !== null) {
      return { kind: 'live', pid: (await remote.status()).pid, version: remote.version }
    }
    if (databaseUrl === null && !existsSync(join(dataFolder, 'store'))) {
      return { kind: 'absent', writable: await isWritable(dataFolder) }
    }
    const store = await openStore(environment)
    try {
      await store.ping()
    } finally {
      await store.close()
    }
    return { kind: 'opened', store: store.kind }
  } catch (error) {
    return { kind: 'failed', message: withoutPassword(explainError(error).words, databaseUrl) }
  }
}

/** A driver may quote the address that it was given. */
function withoutPassword(words: string, databaseUrl: string | null): string {
  if (databaseUrl === null || !URL.canParse(databaseUrl)) return words
  const { password } = new URL(databaseUrl)
  return password === '' ? words : words.replaceAll(password, '[redacted]')
}
