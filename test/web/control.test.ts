/** The control socket with real sockets: private, found again after a crash, and honest about what cannot be asked. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { askControl } from '../../src/web/ask-control.ts'
import { controlPath, makePrivateFolder } from '../../src/web/control-path.ts'
import { startControl } from '../../src/web/control.ts'
import type { Control } from '../../src/web/control.ts'
import { instant } from '../../src/domain/ids.ts'
import type { Reviewing } from '../../src/ports/reviewing.ts'
import type { Pausing } from '../../src/ports/pausing.ts'
import type { Upkeep } from '../../src/ports/upkeep.ts'
import type { Reading, StatusView } from '../../src/web/view-types.ts'

const quiet = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }
const status: StatusView = {
  pid: process.pid,
  version: '9.9.9',
  url: 'http://127.0.0.1:1',
  store: 'embedded',
  jail: 'none',
  running: 0,
}
const view = { at: '2026-01-01T00:00:00.000Z', pauses: [], tasks: [], repositories: [] }

const upkeep: Upkeep = {
  backup: async (file) => ({ file, at: instant(0), bytes: 7, rows: 1 }),
  verifyLedgers: async (anchored) => ({ tasks: anchored.length, entries: 0, broken: [] }),
  ledgerHeads: async () => [],
}

const pausing: Pausing = {
  pause: async (wish) => ({ kind: 'missing', message: JSON.stringify(wish) }),
  resume: async (wish) => ({ kind: 'missing', message: JSON.stringify(wish) }),
}

const reviewing: Reviewing = {
  done: async (wish) => ({ kind: 'missing', message: JSON.stringify(wish) }),
}

describe('the control socket', () => {
  let dataFolder: string
  let open: Control[]
  beforeEach(() => {
    dataFolder = mkdtempSync(join(tmpdir(), 'yard-control-'))
    open = []
  })
  afterEach(async () => {
    await Promise.all(open.map((control) => control.close()))
    rmSync(dataFolder, { recursive: true, force: true })
  })

  async function serve(over: Partial<Reading> = {}): Promise<Control> {
    const missing = async () => ({ kind: 'missing' as const, message: 'no such issue' })
    const reading: Reading = {
      queue: async () => view,
      reviews: async () => ({ at: '', reviews: [] }),
      task: missing,
      ledger: missing,
      ...over,
    }
    const control = await startControl({
      dataFolder,
      reading,
      upkeep,
      pausing,
      reviewing,
      boards: {
        sync: async (repository) => ({
          kind: 'synced',
          cards: 3,
          boards: [repository ?? 'all'],
        }),
      },
      prompting: {
        preview: async (name) => ({ kind: 'missing', message: JSON.stringify(name) }),
      },
      status: () => status,
      log: quiet,
    })
    open.push(control)
    return control
  }

  it('answers what was asked, and tells its version', async () => {
    const control = await serve({
      queue: async ({ all }) => ({ ...view, at: String(all) }),
      task: async (name) => ({ kind: 'missing', message: JSON.stringify(name) }),
    })
    const remote = await askControl(control.path)
    expect(remote?.version).toBe('9.9.9')
    expect(await remote?.status()).toEqual(status)
    expect(await remote?.queue({ all: true })).toMatchObject({ at: 'true' })
    expect(await remote?.queue({ all: false })).toMatchObject({ at: 'false' })
    for (const name of [
      { repository: 'o/r.x', number: 12 },
      { repository: null, number: 3 },
    ]) {
      expect(await remote?.task(name)).toEqual({ kind: 'missing', message: JSON.stringify(name) })
    }
  })

  it('lets nobody near but the user it belongs to', async () => {
    const { path } = await serve()
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect(statSync(dirname(path)).mode & 0o777).toBe(0o700)
  })

  it('closes a folder that was open to others', async () => {
    mkdirSync(join(dataFolder, 'control'), { mode: 0o777 })
    const { path } = await serve()
    expect(statSync(dirname(path)).mode & 0o777).toBe(0o700)
  })

  it('takes the place of what a process that was killed left behind', async () => {
    const path = controlPath(dataFolder)
    makePrivateFolder(path)
    const listening = `require('node:net').createServer().listen(${JSON.stringify(path)}, () => console.log('up'))`
    const child = spawn(process.execPath, ['-e', listening])
    await once(child.stdout, 'data')
    child.kill('SIGKILL')
    await once(child, 'exit')
    expect(existsSync(path)).toBe(true)
    expect(await askControl(path)).toBeNull()
    await serve()
    expect((await askControl(path))?.version).toBe('9.9.9')
  })

  it('is nobody when nothing listens', async () => {
    expect(await askControl(controlPath(dataFolder))).toBeNull()
    const control = await serve()
    await control.close()
    expect(existsSync(control.path)).toBe(false)
    expect(await askControl(control.path)).toBeNull()
  })

  it('fits into the room that a socket address has, however deep the data folder is', async () => {
    const deep = join(dataFolder, 'd'.repeat(60), 'e'.repeat(60))
    mkdirSync(deep, { recursive: true })
    const path = controlPath(deep)
    expect(Buffer.byteLength(path)).toBeLessThanOrEqual(103)
    expect(controlPath(deep)).toBe(path)
    expect(controlPath(`${deep}/f`)).not.toBe(path)
    dataFolder = deep
    expect((await serve()).path).toBe(path)
    expect((await askControl(path))?.version).toBe('9.9.9')
  })

  it('refuses a folder that is a link to somewhere else', () => {
    const path = controlPath(dataFolder)
    symlinkSync(tmpdir(), dirname(path))
    expect(() => makePrivateFolder(path)).toThrow('is no folder')
  })

  it.skipIf(process.getuid?.() !== 0)('is not asked in a folder of somebody else', async () => {
    const { path } = await serve()
    chownSync(dirname(path), 65_534, 65_534)
    await expect(askControl(path)).rejects.toThrow('belongs to user 65534. Run this as that user')
    expect(() => makePrivateFolder(path)).toThrow('belongs to user 65534')
  })

  it('passes on why a question failed, and goes on', async () => {
    const { path } = await serve({
      queue: async () => {
        throw new Error('the database is away')
      },
    })
    const remote = await askControl(path)
    await expect(remote?.queue({ all: false })).rejects.toThrow('the database is away')
    expect(await remote?.status()).toEqual(status)
  })

  it('takes a stranger on its path for what it is', async () => {
    const path = controlPath(dataFolder)
    makePrivateFolder(path)
    const server = createServer((_, response) => response.end('{}'))
    await new Promise<void>((resolve) => server.listen(path, resolve))
    await expect(askControl(path)).rejects.toThrow('no Yardmaster')
    await new Promise<void>((resolve) => server.close(() => resolve()))
  })
})
