import { expect, test } from 'vitest'
import { redact } from '../../src/github/redact.ts'
import { PRIVATE_KEY } from './support.ts'

const JWT = `eyJhbGciOiJSUzI1NiJ9.${'a1_-'.repeat(30)}.${'Zz9-'.repeat(80)}`

test.each([
  ['an installation token of today', `ghs_4242_${JWT}`],
  ['an installation token of old', `ghs_${'A1b2'.repeat(9)}`],
  ['a personal token', `github_pat_${'A1b2'.repeat(20)}`],
  ['a JWT of the App', JWT],
  ['a private key', PRIVATE_KEY],
  ['a private key that breaks off', PRIVATE_KEY.slice(0, 300)],
])('%s does not leave', (_, secret) => {
  const cleaned = redact(`fetch https://x:${secret} failed`)
  expect(cleaned).toContain('[redacted]')
  for (let start = 0; start + 16 <= secret.length; start += 1)
    expect(cleaned).not.toContain(secret.slice(start, start + 16))
})

test('ordinary words stay as they are', () => {
  const text = 'ghs_short is no token, and the ghost is no secret'
  expect(redact(text)).toBe(text)
})
