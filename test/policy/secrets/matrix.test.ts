/** Thirty secrets, twelve disguises, five ways to tear them, nine ways out: nothing of them leaves (T30). */
import { Writable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { createLeaveClean, HeldBack } from '../../../src/github/leave-clean.ts'
import { leaksIn, piecesOf } from '../../../src/policy/secrets/outgoing.ts'
import type { Outgoing } from '../../../src/policy/secrets/outgoing.ts'
import { maskValues } from '../../../src/policy/secrets/mask-values.ts'
import { createSecrets } from '../../../src/policy/secrets/secrets.ts'
import { createLog } from '../../../src/system/log.ts'
import { DISGUISES, SECRETS, TEARS } from './disguises.ts'
import type { Disguise } from './disguises.ts'

const secrets = createSecrets()
for (const [at, value] of SECRETS.entries()) secrets.register(`secret ${at}`, value)

const quiet = { debug() {}, info() {}, warn() {}, error() {} }
const leave = createLeaveClean(secrets, quiet)
const GITHUB = new URL('https://api.github.com/repos/o/r/x')

/** What GitHub gets of a request; nothing when it is held back. */
function sent(body: object): string {
  try {
    const left = leave(GITHUB, JSON.stringify(body))
    return typeof left === 'string' ? left : ''
  } catch (error) {
    if (error instanceof HeldBack) return ''
    throw error
  }
}

/** What is pushed; nothing when something in it is found. */
function pushed(what: Partial<Outgoing>): string {
  const outgoing = { log: '', paths: [], branch: 'yardmaster/7', words: '', ...what }
  const leaks = [...piecesOf(outgoing)].flatMap((piece) => leaksIn(piece, secrets))
  return leaks.length > 0 ? '' : JSON.stringify(outgoing)
}

let line = ''
const keep = new Writable({
  write(chunk, _encoding, done) {
    line = String(chunk)
    done()
  },
})
const log = createLog('info', keep, secrets)

const patch = (text: string): string =>
  [
    `commit ${'a'.repeat(40)}`,
    '',
    '    Add it',
    '',
    'diff --git a/x.txt b/x.txt',
    '--- a/x.txt',
    '+++ b/x.txt',
    '@@ -0,0 +1 @@',
    ...text.split('\n').map((one) => `+${one}`),
  ].join('\n')

const WAYS_OUT: Readonly<Record<string, (text: string) => string>> = {
  comment: (text) => sent({ body: `What I found:\n\n${text}\n\nThat is all.` }),
  'pull request': (text) => sent({ title: text, head: 'yardmaster/7', body: `- ${text}` }),
  'check run': (text) => sent({ name: 'yardmaster', output: { title: 'ok', summary: text, text } }),
  commit: (text) =>
    pushed({ log: `commit ${'a'.repeat(40)}\n\n${text.replaceAll(/^/gm, '    ')}\n` }),
  diff: (text) => pushed({ log: patch(text) }),
  'branch name': (text) => pushed({ branch: `yardmaster/${text}` }),
  'file name': (text) => pushed({ paths: [`src/${text}.ts`] }),
  log: (text) => {
    log.info({ text }, 'said')
    return line
  },
  page: (text) =>
    JSON.stringify(maskValues({ tasks: [{ title: text, why: `because ${text}` }] }, secrets)),
}

/** Any piece as long as sixteen characters of the secret, as it was written there. */
function holds(out: string, written: string, { window }: Disguise): boolean {
  const plain = [out, unescape(out)]
  for (let at = 0; at + window <= written.length; at += 1)
    if (plain.some((text) => text.includes(written.slice(at, at + window)))) return true
  return false
}

/** As it was before it became JSON. */
const unescape = (text: string): string =>
  text.replaceAll(/\\(?:u([0-9a-f]{4})|(.))/g, (_, code: string | undefined, one: string) =>
    code === undefined
      ? one === 'n'
        ? '\n'
        : one
      : String.fromCharCode(Number.parseInt(code, 16)),
  )

describe('a secret, torn and disguised', () => {
  it.each(Object.keys(WAYS_OUT))('does not leave by %s', (way) => {
    let cases = 0
    const through: string[] = []
    for (const [at, secret] of SECRETS.entries())
      for (const [tear, tearing] of Object.entries(TEARS))
        for (const disguise of DISGUISES) {
          const written = disguise.write(tearing(secret))
          cases += 1
          if (holds(WAYS_OUT[way]?.(written) ?? written, written, disguise))
            through.push(`secret ${at}, ${tear}, ${disguise.name}`)
        }
    expect(through).toEqual([])
    expect(cases).toBe(30 * 12 * 5)
  })

  it('would be seen to leave', () => {
    const seen = DISGUISES.filter((disguise) => {
      const written = disguise.write(SECRETS[0] ?? '')
      return holds(JSON.stringify({ body: `x ${written}` }), written, disguise)
    })
    expect(seen.length).toBe(12)
  })
})
