/** Gathers how the store is: through the socket of a live process, or by opening it. Makes none. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { anchorPath, readAnchor } from '../../store/anchor.ts'
import { VERSION } from '../../system/version.ts'
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
    const anchored = readAnchor(anchorPath(dataFolder))?.heads ?? []
    const remote = await askControl(controlPath(dataFolder))
    if (remote !== null) {
      const { pid } = await remote.status()
      const ledgers =
        remote.version === VERSION ? await remote.upkeep.verifyLedgers(anchored) : null
      return { kind: 'live', pid, version: remote.version, ledgers }
    }
    if (databaseUrl === null && !existsSync(join(dataFolder, 'store'))) {
      return { kind: 'absent', writable: await isWritable(dataFolder) }
    }
    const store = await openStore(environment)
    try {
      const ledgers = await store.upkeep.verifyLedgers(anchored)
      return { kind: 'opened', store: store.kind, ledgers }
    } finally {
      await store.close()
    }
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
