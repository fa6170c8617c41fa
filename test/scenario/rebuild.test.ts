/** The store is lost in the middle of things and read back from GitHub: nothing is there twice, and what was live goes on. More worlds: `node prove/rebuild.ts`. */
import { describe, expect, it } from 'vitest'
import { proveOne } from '../../prove/rebuild/story.ts'
import './support/until.ts'

describe('a world that loses its store', () => {
  it.each([1, 3])('comes to the same end, with nothing twice (seed %i)', async (seed) => {
    const { wrong, issues } = await proveOne(seed)
    expect(wrong).toEqual([])
    expect(issues).toBeGreaterThan(5)
  })
})
