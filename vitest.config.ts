import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    pool: 'forks',
    // Two for each core of the machine that CI has: most of a story is waiting, and two workers left half of it idle.
    maxWorkers: 4,
    // Machines of CI are shared: what real processes did not manage in time gets a second try, and the report names it.
    retry: process.env['CI'] === undefined ? 0 : 1,
  },
})
