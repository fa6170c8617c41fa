import { existsSync, mkdirSync, statfsSync } from 'node:fs'
import { defineConfig } from 'vitest/config'

const MEMORY = '/dev/shm'
const ENOUGH = 4 * 2 ** 30

/**
 * Stores and repositories of the tests lie in memory where there is room: they sync thousands of small files, and on
 * the disk of a shared machine each sync holds up everything else of its test. A process that is killed loses nothing there.
 */
function temporaryFolder(): Record<string, string> {
  if (!existsSync(MEMORY)) return {}
  const { bavail, bsize } = statfsSync(MEMORY)
  if (bavail * bsize < ENOUGH) return {}
  const folder = `${MEMORY}/yard`
  mkdirSync(folder, { recursive: true })
  return { TMPDIR: folder }
}

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    env: temporaryFolder(),
    testTimeout: 30_000,
    hookTimeout: 60_000,
    pool: 'forks',
    // Three for each core of the machine that CI has: most of a story is waiting, and two workers left half of it idle.
    maxWorkers: 6,
    // Machines of CI are shared: what real processes did not manage in time gets a second try, and the report names it.
    retry: process.env['CI'] === undefined ? 0 : 1,
  },
})
