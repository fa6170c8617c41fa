import { createPrivateKey } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { repoId } from '../../src/domain/ids.ts'
import { deriveMarkerKey, lastMarker, makeMarker, readMarkers } from '../../src/github/marker.ts'
import { PRIVATE_KEY } from './support.ts'

const key = deriveMarkerKey(PRIVATE_KEY)
const place = { repo: repoId(900), issue: 12 }
const operation = '900-5000/comment/why-not-now'

describe('a marker', () => {
  test('is found again in the comment that carries it', () => {
    const body = `Queued.\n\n${makeMarker(key, place, operation)}\nmore`
    expect(readMarkers(key, place, body)).toEqual([operation])
    expect(lastMarker(body)).toBe(makeMarker(key, place, operation))
  })

  test('carries any operation name within an HTML comment that nothing in it can end', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1, maxLength: 60 }), (name) => {
        fc.pre(name.isWellFormed())
        const marker = makeMarker(key, place, name)
        expect(marker.slice(4, -3)).not.toMatch(/--|[<>\s]{2}|\n/)
        expect(readMarkers(key, place, marker)).toEqual([name])
      }),
    )
  })

  test('counts neither on another issue nor in another repository', () => {
    const marker = makeMarker(key, place, operation)
    expect(readMarkers(key, { ...place, issue: 13 }, marker)).toEqual([])
    expect(readMarkers(key, { ...place, repo: repoId(901) }, marker)).toEqual([])
  })

  test('does not depend on how the private key is spelled', () => {
    const pkcs8 = createPrivateKey(PRIVATE_KEY).export({ type: 'pkcs8', format: 'pem' }).toString()
    expect(deriveMarkerKey(pkcs8).equals(key)).toBe(true)
  })

  test('is refused after any of 10,000 bit flips', () => {
    const marker = Buffer.from(makeMarker(key, place, operation))
    let accepted = 0
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: marker.length * 8 - 1 }),
        fc.option(fc.integer({ min: 0, max: marker.length * 8 - 1 }), { nil: null }),
        (first, second) => {
          fc.pre(first !== second)
          const forged = Buffer.from(marker)
          for (const bit of second === null ? [first] : [first, second])
            forged[bit >> 3] = (forged[bit >> 3] ?? 0) ^ (1 << (bit & 7))
          if (readMarkers(key, place, forged.toString()).length > 0) accepted += 1
        },
      ),
      { numRuns: 10_000 },
    )
    expect(accepted).toBe(0)
  })

  test('is not made valid by another spelling of the same operation', () => {
    const marker = makeMarker(key, place, operation)
    expect(marker).toContain('%2D')
    expect(readMarkers(key, place, marker.replace('%2D', '%2d'))).toEqual([])
    expect(readMarkers(key, place, marker.replace('%2D', '-'))).toEqual([])
    expect(readMarkers(key, place, marker.replace('%2D', '%zz'))).toEqual([])
  })
})
