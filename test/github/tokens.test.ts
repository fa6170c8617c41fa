import { describe, expect, test } from 'vitest'
import { instant, repoId } from '../../src/domain/ids.ts'
import { createTokens, type Scope } from '../../src/github/tokens.ts'
import { FakeClock, INSTALLATION, START } from './support.ts'

const scope = (repo: number, permissions: Scope['permissions'] = { issues: 'write' }): Scope => ({
  installation: INSTALLATION,
  repo: repoId(repo),
  permissions,
})

function world() {
  const clock = new FakeClock()
  const minted: Scope[] = []
  const tokens = createTokens({
    clock,
    mint: async (wanted) => {
      minted.push(wanted)
      const n = minted.length
      await Promise.resolve()
      return { token: `token ${n}`, expiresAt: instant(START + clock.elapsed + 3_600_000) }
    },
  })
  return { clock, tokens, minted }
}

describe('tokens', () => {
  test('are minted once for however many ask at the same time', async () => {
    const { tokens, minted } = world()
    const all = await Promise.all(Array.from({ length: 20 }, () => tokens.get(scope(1))))
    expect(new Set(all)).toEqual(new Set(['token 1']))
    expect(minted).toEqual([scope(1)])
  })

  test('are never shared between repositories or permission sets', async () => {
    const { tokens, minted } = world()
    await tokens.get(scope(1))
    await tokens.get(scope(2))
    await tokens.get(scope(1, { issues: 'read' }))
    await tokens.get(scope(1, { checks: 'write', issues: 'write' }))
    await tokens.get(scope(1, { issues: 'write', checks: 'write' }))
    expect(minted).toHaveLength(4)
  })

  test('are replaced five minutes before they expire', async () => {
    const { clock, tokens, minted } = world()
    await tokens.get(scope(1))
    clock.elapsed = 54 * 60_000
    expect(await tokens.get(scope(1))).toBe('token 1')
    clock.elapsed = 55 * 60_000
    expect(await tokens.get(scope(1))).toBe('token 2')
    expect(minted).toHaveLength(2)
  })

  test('a failed mint is not remembered', async () => {
    const clock = new FakeClock()
    let tries = 0
    const tokens = createTokens({
      clock,
      mint: async () => {
        tries += 1
        if (tries === 1) throw new Error('no answer')
        return { token: 'late', expiresAt: instant(START + 3_600_000) }
      },
    })
    await expect(tokens.get(scope(1))).rejects.toThrow('no answer')
    await expect(tokens.get(scope(1))).resolves.toBe('late')
  })

  test('a refused one is renewed once, however many requests it failed', async () => {
    const { tokens, minted } = world()
    const first = await tokens.get(scope(1))
    expect([tokens.renew(scope(1), first), tokens.renew(scope(1), first)]).toEqual([true, false])
    await tokens.get(scope(1))
    expect(tokens.renew(scope(1), first)).toBe(true)
    expect(await tokens.get(scope(1))).toBe('token 2')
    expect(minted).toHaveLength(2)
  })

  test('credentials that stay refused make no hot loop: one mint a minute', async () => {
    const { clock, tokens, minted } = world()
    for (let n = 0; n < 600; n += 1) {
      clock.elapsed += 1_000
      tokens.renew(scope(1), await tokens.get(scope(1)))
    }
    expect(minted.length).toBeLessThanOrEqual(11)
  })
})
