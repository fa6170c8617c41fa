import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { branchRef, connect } from '../../src/git/connect.ts'
import type { GitRemote } from '../../src/ports/git.ts'
import { REPO } from './world.ts'

const remote = (url: string, password = 'token'): GitRemote => ({
  url: () => url,
  credential: async () => await Promise.resolve({ username: 'x-access-token', password }),
  refused: async () => await Promise.resolve(false),
})

describe('a connection', () => {
  test('hands the credential over beside the arguments, for its own origin only', async () => {
    const made = await connect(remote('https://git.example.com:8443/octo/shop.git'), REPO, 'read')
    expect(made.secret).toBe('username=x-access-token\npassword=token\n')
    expect(JSON.stringify([made.url, made.config])).not.toContain('token\n')
    expect(made.config.filter((line) => line.startsWith('credential.'))).toEqual([
      expect.stringMatching(/^credential\.https:\/\/git\.example\.com:8443\.helper=!/),
    ])
    expect(made.config.filter((line) => line.startsWith('protocol.'))).toEqual([
      'protocol.https.allow=always',
    ])
  })

  test.each([
    'ext::sh -c touch% /tmp/x',
    'ssh://git@example.com/r',
    'git@example.com:octo/shop.git',
    '--upload-pack=touch',
    'https://user:pass@example.com/r',
    'javascript:alert(1)',
  ])('is never made to %s', async (url) => {
    await expect(connect(remote(url), REPO, 'read')).rejects.toThrow(
      /reached by https|no credentials|Invalid URL/,
    )
  })

  test('a credential with a line break is not handed over', async () => {
    await expect(
      connect(remote('https://example.com/r', 'a\nhost=evil'), REPO, 'read'),
    ).rejects.toThrow('one line')
  })
})

describe('a branch name', () => {
  test.each(['main', 'yardmaster/12', 'release/1.x', 'feature-ü', 'a.b'])('%s is one', (name) => {
    expect(branchRef(name)).toBe(`refs/heads/${name}`)
  })

  test.each([
    '',
    '-x',
    '--upload-pack=x',
    '+main',
    'a:b',
    'a*',
    'a b',
    'a..b',
    'a@{1}',
    'x.lock',
    'a/',
    '/a',
    'a//b',
    '.a',
    'a/.b',
    'a~1',
    'a^',
    'a\nb',
    'a\\b',
    'a?',
    'a[b',
    'a.',
  ])('%j is none', (name) => {
    expect(() => branchRef(name)).toThrow('not a branch name')
  })

  test('whatever is accepted stays one side of one refspec', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 30 }), (name) => {
        let ref
        try {
          ref = branchRef(name)
        } catch {
          return
        }
        expect(ref).not.toMatch(/[\s:*?^~[\\]|\.\.|@\{/)
        expect(ref.startsWith('refs/heads/')).toBe(true)
      }),
      { numRuns: 5000 },
    )
  })
})
