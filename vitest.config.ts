import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    pool: 'forks',
    maxWorkers: 2,
    // Machines of CI are shared: what real processes did not manage in time gets a second try, and the report names it.
    retry: process.env['CI'] === undefined ? 0 : 1,
  },
})
