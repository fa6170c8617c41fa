/** The contract, on PostgreSQL embedded in this process. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import { openEmbedded } from '../../src/store/embedded.ts'
import { copyStore } from '../support/store-template.ts'
import { quiet } from './bench.ts'
import { storeContract } from './contract/all.ts'

storeContract('the embedded store', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'yard-store-'))
  await copyStore(folder)
  return {
    open: (clock) => openEmbedded({ folder, clock, log: quiet }),
    async query(statement) {
      const pglite = await PGlite.create(join(folder, 'pg'))
      const { rows } = await pglite.query<Record<string, unknown>>(statement)
      await pglite.close()
      return rows
    },
    remove: async () => rmSync(folder, { recursive: true }),
  }
})
