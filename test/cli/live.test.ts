/** A real Yardmaster as a subprocess over the emulator, and the verbs that read it: live through its socket, later from its store. */
import { randomBytes } from 'node:crypto'
import { rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { startEmulator } from '../../src/emulator/emulator.ts'
import type { App, Emulator } from '../../src/emulator/emulator.ts'
import { askControl } from '../../src/web/ask-control.ts'
import { controlPath } from '../../src/web/control-path.ts'
import { enter } from './command-line.ts'
import type { Place, Running } from './command-line.ts'
import { freePort } from './free-port.ts'

const REPO = 'ana/hello'
const FIX = ['Say it louder.', '', '```txt path=hello.txt', 'HELLO', '```', ''].join('\n')

describe('a Yardmaster that runs', { timeout: 90_000 }, () => {
  let place: Place
  let emulator: Emulator
  let app: App
  let running: Running
  let url: string

  beforeAll(async () => {
    place = enter()
    emulator = await startEmulator({ dataDir: join(place.folder, 'github') })
    emulator.createUser({ login: 'ana', name: 'Ana' })
    await emulator.createRepository({
      owner: 'ana',
      name: 'hello',
      files: {
        'hello.txt': 'hello\n',
        '.github/yardmaster.yml': 'verify: ["sh check.sh"]\nlimits: { attempts: 1 }\n',
        'check.sh': 'if grep -q psst hello.txt; then echo nobody whispers here; exit 1; fi\n',
      },
    })
    emulator.openIssue({ repo: REPO, as: 'ana', title: 'Louder \u001b[31mplease', body: FIX })
    emulator.openIssue({
      repo: REPO,
      as: 'ana',
      title: 'Quieter',
      body: FIX.replace('HELLO', 'psst'),
    })
    emulator.createLabel({ repo: REPO, as: 'ana', name: 'yardmaster', color: '0e8a16' })
    const webhookSecret = randomBytes(32).toString('hex')
    const port = await freePort()
    url = `http://127.0.0.1:${port}`
    app = await emulator.createApp({
      manifest: new URL('../../app.yml', import.meta.url),
      webhookUrl: `${url}/api/github/webhooks`,
      webhookSecret,
    })
    emulator.installOnAll(app, 'ana')
    const key = join(place.folder, 'key.pem')
    writeFileSync(key, app.privateKey, { mode: 0o600 })
    writeFileSync(join(place.folder, 'yardmaster.config.yml'), 'pace_ms: 0\n')
    writeFileSync(
      join(place.folder, '.env'),
      [
        `GHE_HOST=${new URL(emulator.url).host}`,
        'GHE_PROTOCOL=http',
        `APP_ID=${app.id}`,
        `PRIVATE_KEY_PATH=${key}`,
        `WEBHOOK_SECRET=${webhookSecret}`,
        `PORT=${port}`,
        'LOG_LEVEL=info',
        'DATABASE_URL=',
      ].join('\n'),
    )
    running = place.start(['start'])
    await running.sees('Next:')
  })

  afterAll(async () => {
    await place.leave()
    await emulator.close()
  })

  it('tells where it listens, what it keeps its state in, and what to do next', () => {
    const out = running.out()
    expect(out).toContain(`${url}/api/github/webhooks`)
    expect(out).toContain(`embedded, in ${place.dataFolder}`)
    expect(out).toMatch(/jail +(bubblewrap|none)/)
    expect(out).toContain('patch (default)')
    expect(out).toContain('Next: label an issue')
  })

  it('is healthy, counts, and answers no web page that calls it by another name', async () => {
    expect(await (await fetch(`${url}/healthz`)).text()).toBe('ok\n')
    const metrics = await (await fetch(`${url}/metrics`)).text()
    expect(metrics).toContain('yardmaster_tasks{state="queued"}')
    expect(metrics).not.toContain('ana')
    expect((await fetch(`${url}/elsewhere`)).status).toBe(404)
  })

  it('opens its socket to its own user only', () => {
    expect(statSync(controlPath(place.dataFolder)).mode & 0o777).toBe(0o600)
  })

  it('shows a task from its label to its pull request, live', async () => {
    emulator.label({ repo: REPO, as: 'ana', number: 1, label: 'yardmaster' })
    await reaches(1, 'in-review')
    const { out, code } = await place.run(['show', '#1'])
    expect(code).toBe(0)
    expect(out).toContain('in-review for')
    expect(out).toContain('asked by')
    expect(out).toMatch(/verify +sh check\.sh passed in/)
    expect(out).toContain(`${emulator.url}/${REPO}/pull/`)
    expect(out).not.toContain('\u001b')
    const listed = await place.run(['queue'])
    expect(listed.out).toContain(`process ${running.child.pid}`)
    expect(listed.out).toContain('waits for review')
  })

  it('shows what its agent was told, with the words that it cost', async () => {
    const { out, err, code } = await place.run(['prompt', '#1'])
    expect(code).toBe(0)
    expect(out).toMatch(/^You are a software engineer working alone on one task: resolve issue #1,/)
    expect(out).toContain('- sh check.sh')
    expect(err).toMatch(/#1, profile patch, role built in: \d+ words of at most \d+/)
    const json = await place.run(['prompt', '#1', '--json'])
    expect(JSON.parse(json.out)).toMatchObject({ issue: `${REPO}#1`, comments: 0, resumed: null })
    const unknown = await place.run(['prompt', '#77'])
    expect(unknown.code).toBe(1)
    expect(unknown.err).toContain('set the label on the issue')
  })

  it('shows what went wrong with a task that failed', async () => {
    emulator.label({ repo: REPO, as: 'ana', number: 2, label: 'yardmaster' })
    await reaches(2, 'failed')
    const { out } = await place.run(['show', `${emulator.url}/${REPO}/issues/2`])
    expect(out).toContain('failed for')
    expect(out).toMatch(/Attempt 1 +patch, failed: verify after/)
    expect(out).toMatch(/verify +sh check\.sh ended with 1 in/)
    expect(out).toContain('nobody whispers here')
  })

  it('tells the whole story of a task, and proves that nobody changed it', async () => {
    const { out, code } = await place.run(['ledger', '#1', '--verify'])
    expect(code).toBe(0)
    expect(out).toContain('attempt.admitted')
    expect(out).toContain('@ana')
    expect(out).toMatch(/The chain of \d+ entries holds\. Head: [0-9a-f]{64}/)
    const json = await place.run(['ledger', '#1', '--verify', '--json'])
    expect(JSON.parse(json.out)).toMatchObject({ issue: `${REPO}#1`, chain: { holds: true } })
  })

  it('is copied to a file while it runs, and every ledger holds', async () => {
    const file = join(place.folder, 'yard.gz')
    const { code, out } = await place.run(['backup', file])
    expect(code).toBe(0)
    expect(out).toMatch(/yard\.gz: \d+ rows as of 2\S+Z, \d+ kB\./)
    expect(statSync(file).mode & 0o777).toBe(0o600)
    const refused = await place.run(['restore', file])
    expect([refused.code, refused.err]).toEqual([3, expect.stringContaining('in use by process')])
    const nowhere = await place.run(['backup', join(place.folder, 'none/yard.gz')])
    expect([nowhere.code, nowhere.err]).toEqual([3, expect.stringContaining('ENOENT')])
    const verified = await place.run(['ledger', 'verify'])
    expect(verified.code).toBe(0)
    expect(verified.out).toMatch(/2 ledgers with \d+ entries hold\./)
    expect(verified.out).toMatch(/Compared with \d+ ends? of \S+Z in \S+ledger\.anchor/)
  })

  it('is found well by the doctor while it runs', async () => {
    const { out } = await place.run(['doctor'])
    expect(out).toContain(`in use by the Yardmaster that runs here (process ${running.child.pid})`)
    expect(out).toMatch(/ok +credentials +GitHub knows the App yardmaster/)
    expect(out).toMatch(/ok +deliveries/)
    expect(out).toMatch(/ok +ana\/hello +settings are in order/)
  })

  it('keeps a second process away from its data, and names itself', async () => {
    const second = await place.run(['start'], { PORT: '0' })
    expect(second.code).toBe(3)
    expect(second.err).toContain(`process ${running.child.pid}`)
  })

  it('stops when asked, and leaves a store that can be read without it', async () => {
    const { code, err } = await running.stop()
    expect(code).toBe(0)
    expect(err).toContain('Stopping')
    const { out } = await place.run(['queue', '--all'])
    expect(out).toContain('not running')
    expect(out).toContain('in-review')
    expect(out).toContain('failed')
    const shown = await place.run(['show', '#1', '--json'])
    expect(JSON.parse(shown.out)).toMatchObject({ state: 'in-review', by: 'ana' })
    expect((await place.run(['ledger', '#1', '--verify'])).code).toBe(0)
    expect((await place.run(['show', 'ana/other#1'])).err).toContain('Known: ana/hello')
  })

  it('says so when there is nothing to read', async () => {
    rmSync(place.dataFolder, { recursive: true })
    const { code, err } = await place.run(['queue'])
    expect(code).toBe(3)
    expect(err).toContain('holds no store')
  })

  it('is read back from GitHub when its store is lost, once, and never over a store that is there', async () => {
    const { code, out, err } = await place.run(['rebuild'])
    expect(err).toContain(`${REPO}: 2 of 2 issues read`)
    expect(code).toBe(0)
    expect(out).toContain('2 tasks in 1 repositories are known again.')
    expect(out).toMatch(/ana\/hello +1 in-review, 1 failed/)
    const { out: listed } = await place.run(['queue', '--all'])
    expect(listed).toContain('in-review')
    expect(listed).toContain('failed')
    const ledger = await place.run(['ledger', '#2', '--verify'])
    expect(ledger.code).toBe(0)
    expect(ledger.out).toContain('task.rebuilt')
    const again = await place.run(['rebuild', '--json'])
    expect(again.code).toBe(1)
    expect(again.err).toContain(`mv ${join(place.dataFolder, 'store')}`)
  })

  /** Asked over the socket, as the verbs do. */
  async function reaches(number: number, state: string): Promise<void> {
    await vi.waitFor(
      async () => {
        const remote = await askControl(controlPath(place.dataFolder))
        expect(await remote?.task({ repository: null, number })).toMatchObject({ value: { state } })
      },
      { timeout: 80_000, interval: 100 },
    )
  }
})
