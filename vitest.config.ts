import { existsSync, mkdirSync, statfsSync } from 'node:fs'
import { defineConfig } from 'vitest/config'
import { BaseSequencer } from 'vitest/node'
import type { TestSpecification } from 'vitest/node'

const MEMORY = '/dev/shm'
const ENOUGH = 4 * 2 ** 30

/** Minutes each, in files of a few lines, which would otherwise come last: nothing else would be left to run beside them. */
const LONG = /\/test\/(sim|crash|machines)\/|\/scenario\/github-faults/

class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files)
    const isLong = ({ moduleId }: TestSpecification): boolean => LONG.test(moduleId)
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))]
  }
}

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
    // Five for the two cores that CI has: most of a story is waiting, and two workers left half of it idle.
    maxWorkers: 5,
    sequence: { sequencer: LongFirst },
    // Machines of CI are shared: what real processes did not manage in time gets a second try, and the report names it.
    retry: process.env['CI'] === undefined ? 0 : 1,
  },
})
