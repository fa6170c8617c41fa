import { describe, expect, test } from 'vitest'
import { installationId } from '../../../src/domain/ids.ts'
import { FRESH } from '../../../src/github/pace.ts'
import { NOBODY } from '../../../src/github/turns.ts'
import type { PaceState } from '../../../src/ports/pace-book.ts'
import type { Give } from '../bench.ts'

let count = 0
const anInstallation = () => installationId(process.pid * 1_000 + (count += 1))

const blocked = (until: number): PaceState => ({
  account: { ...FRESH, blockedUntil: until },
  turns: NOBODY,
})

export function paceStories(give: Give): void {
  describe('the book of what was spent', () => {
    test('has an empty page for an installation that nobody wrote of, and tells the time', async () => {
      const { pace } = give().store
      const page = await pace.load(anInstallation())
      expect(page).toMatchObject({ version: 0, state: null })
      expect(Math.abs(page.now - Date.now())).toBeLessThan(60_000)
    })

    test('is written by whoever saw its newest version, and by nobody else', async () => {
      const { pace } = give().store
      const installation = anInstallation()
      const at = await pace.compareAndSet(installation, 0, blocked(1))
      expect(await pace.compareAndSet(installation, 0, blocked(2))).toBeNull()
      expect(await pace.compareAndSet(installation, 1, blocked(3))).toBeGreaterThanOrEqual(at ?? 0)
      expect(await pace.compareAndSet(installation, 1, blocked(4))).toBeNull()
      const page = await pace.load(installation)
      expect(page).toMatchObject({ version: 2, state: blocked(3) })
      expect(page.now).toBeGreaterThanOrEqual(at ?? 0)
    })

    test('gives one of many that write at once its way', async () => {
      const { pace } = give().store
      const installation = anInstallation()
      const tries = Array.from({ length: 8 }, (_, n) =>
        pace.compareAndSet(installation, 0, blocked(n)),
      )
      const ends = await Promise.all(tries)
      expect(ends.filter((end) => end !== null)).toHaveLength(1)
      expect(await pace.load(installation)).toMatchObject({ version: 1 })
    })

    test('keeps what was written over a restart', async () => {
      const bench = give()
      const installation = anInstallation()
      await bench.store.pace.compareAndSet(installation, 0, blocked(7))
      await bench.restart()
      expect(await bench.store.pace.load(installation)).toMatchObject({
        version: 1,
        state: blocked(7),
      })
    })
  })
}
