/** What is simulated on the store in memory holds for the real ones as far as it keeps the same promises. */
import { createDatabase, releaseJobs } from '../../sim/store/database.ts'
import { openMemoryStore } from '../../sim/store/memory-store.ts'
import { storeContract } from '../store/contract/all.ts'

storeContract(
  'the store in memory',
  async () => {
    const database = createDatabase(() => Date.now())
    return {
      open: async (clock) => {
        releaseJobs(database, 'here')
        return openMemoryStore(database, {
          clock,
          process: 'here',
          kind: 'postgres',
          enter: (run) => run(),
        })
      },
      query: async () => {
        throw new Error('there are no tables to look at')
      },
      remove: async () => {},
    }
  },
  { sql: false },
)
