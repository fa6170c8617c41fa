/** The emulator alone, as a person starts it, and what it tells them to paste. */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { enter } from './command-line.ts'
import type { Place } from './command-line.ts'

describe('a GitHub of one’s own', { timeout: 60_000 }, () => {
  let place: Place
  beforeAll(() => {
    place = enter()
  })
  afterAll(() => place.leave())

  /** The lines to paste, as they would be read from a `.env` file. */
  const pasted = (out: string): Record<string, string> =>
    parseEnv(out.replaceAll(/^ +/gm, '')) as Record<string, string>

  it('prints lines that connect a Yardmaster to it', async () => {
    const running = place.start(['emulator', '--port', '0', '--seed'])
    await running.sees('YARDMASTER_DATA=')
    const lines = pasted(running.out())
    expect(running.out()).toContain(`http://${lines['GHE_HOST']}/ana/lighthouse`)
    expect(statSync(lines['PRIVATE_KEY_PATH'] ?? '').mode & 0o777).toBe(0o600)
    const { out } = await place.run(['doctor'], lines)
    expect(out).toMatch(/ok +credentials +GitHub knows the App yardmaster/)
    expect(out).toMatch(/ok +ana\/lighthouse +settings are in order/)
    expect((await running.stop('SIGINT')).code).toBe(0)
    expect(existsSync(lines['PRIVATE_KEY_PATH'] ?? '')).toBe(false)
    const alone = await place.run(['doctor'], lines)
    expect(alone.code).toBe(1)
    expect(alone.out).toMatch(/bad +environment +PRIVATE_KEY_PATH/)
  })

  it('takes a copy of a repository of theirs, with its history', async () => {
    const folder = join(place.folder, 'my project')
    mkdirSync(folder)
    const git = (...args: readonly string[]) =>
      execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...args], { cwd: folder })
    git('init', '-q', '-b', 'trunk')
    git('commit', '-q', '--allow-empty', '-m', 'first')
    const data = join(place.folder, 'gh')
    const running = place.start(['emulator', '--port', '0', '--seed', folder, '--data', data])
    await running.sees('YARDMASTER_DATA=')
    expect(running.out()).toContain('/ana/my-project')
    const lines = pasted(running.out())
    const { out } = await place.run(['doctor'], lines)
    expect(out).toContain('has no .github/yardmaster.yml on trunk')
    await running.stop()
    expect(readFileSync(lines['PRIVATE_KEY_PATH'] ?? '', 'utf8')).toContain('BEGIN')

    const again = await place.run(['emulator', '--port', '0', '--data', data])
    expect(again.code).toBe(2)
    expect(again.err).toContain('--data must be an empty folder')
  })

  it('tells how to have an App made where it registers none', async () => {
    const running = place.start(['emulator', '--port', '0', '--seed', '--no-app'])
    await running.sees('YARDMASTER_DATA=')
    expect(running.out()).toContain(
      '`yardmaster start --webhook-url http://127.0.0.1:3000/api/github/webhooks`',
    )
    expect(running.out()).not.toContain('Its webhooks go to')
    expect(Object.keys(pasted(running.out()))).not.toContain('APP_ID')
    await running.stop()
  })

  it('says that its port is taken, and leaves the other alone', async () => {
    const first = place.start(['emulator', '--port', '0', '--no-app'])
    await first.sees('YARDMASTER_DATA=')
    const port = pasted(first.out())['GHE_HOST']?.split(':')[1] ?? ''
    expect(first.out()).not.toContain('APP_ID')
    const second = await place.run(['emulator', '--port', port])
    expect(second.code).toBe(3)
    expect(second.err).toContain(`Port ${port} is taken`)
    expect((await first.stop()).code).toBe(0)
  })

  it('refuses a seed that is no folder', async () => {
    const file = join(place.folder, 'file')
    writeFileSync(file, '')
    expect((await place.run(['emulator', '--seed', file])).code).toBe(2)
  })
})
