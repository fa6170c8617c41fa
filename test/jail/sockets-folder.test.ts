/** The folder for sockets: what a kill −9 has left is taken away at the next start, and nothing of anybody else's. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, readdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { openSocketsFolder } from '../../src/jail/sockets-folder.ts'
import { ids, temporary } from '../git/world.ts'

const MODULE = fileURLToPath(new URL('../../src/jail/sockets-folder.ts', import.meta.url))

async function world() {
  const [within, data] = [await temporary(), await temporary()]
  const records = join(data, 'sockets')
  return { within, records, open: async () => await openSocketsFolder({ within, records, ids }) }
}

/** Another process that makes such a folder and stays. */
async function life({ within, records }: { readonly within: string; readonly records: string }) {
  const script = `const { openSocketsFolder } = await import(${JSON.stringify(MODULE)})
    const { path } = await openSocketsFolder({ within: ${JSON.stringify(within)}, records: ${JSON.stringify(records)}, ids: { unique: () => crypto.randomUUID() } })
    console.log(path); setInterval(() => {}, 60_000)`
  const child = spawn(process.execPath, ['--input-type=module', '-e', script])
  const [line] = (await once(child.stdout, 'data')) as [Buffer]
  return {
    path: line.toString().trim(),
    kill: async () => {
      child.kill('SIGKILL')
      await once(child, 'exit')
    },
  }
}

test('it is ours alone, has a short name, and is gone with its record when it is closed', async () => {
  const { within, records, open } = await world()
  const { path, close } = await open()
  expect(statSync(path).mode & 0o777).toBe(0o700)
  expect(basename(path).length).toBeLessThanOrEqual(13)
  writeFileSync(join(path, 'socket'), '')
  close()
  expect([readdirSync(within), readdirSync(records)]).toEqual([[], []])
})

test('what a killed process has left goes at the next start; what a living one has stays', async () => {
  const { within, records, open } = await world()
  const [dead, alive] = [await life({ within, records }), await life({ within, records })]
  mkdirSync(join(dead.path, 'doors'))
  writeFileSync(join(dead.path, 'doors', 'socket'), '')
  await dead.kill()
  const own = await open()
  expect(existsSync(dead.path)).toBe(false)
  expect(existsSync(alive.path)).toBe(true)
  await alive.kill()
  own.close()
  const last = await open()
  expect(readdirSync(within)).toEqual([basename(last.path)])
  expect(readdirSync(records)).toEqual([`${basename(last.path)}.json`])
})

test('a pid that belongs to another process by now protects nothing, nor does one from before a reboot', async () => {
  const { within, records, open } = await world()
  mkdirSync(records, { recursive: true })
  const boot = (await open()).path
  const record = (name: string, more: object) => {
    mkdirSync(join(within, name))
    const about = { path: join(within, name), boot: 'earlier', pid: process.pid, start: 1, ...more }
    writeFileSync(join(records, `${name}.json`), JSON.stringify(about))
  }
  record('yard-reboot', {})
  record('yard-reused', { pid: 1 })
  await open()
  expect(readdirSync(within)).toContain(basename(boot))
  expect(readdirSync(within).filter((name) => /reboot|reused/.test(name))).toEqual([])
})

test('a link, another name or half a record leads to nothing that is not ours', async () => {
  const { within, records, open } = await world()
  const precious = join(await temporary(), 'precious')
  mkdirSync(precious)
  mkdirSync(records, { recursive: true })
  symlinkSync(precious, join(within, 'yard-link'))
  const record = (name: string, path: string) =>
    writeFileSync(join(records, name), JSON.stringify({ path, boot: 'earlier', pid: 1, start: 1 }))
  record('a.json', join(within, 'yard-link'))
  record('b.json', precious)
  writeFileSync(join(records, 'c.json'), '{"path": "/tm')
  const { path } = await open()
  expect(existsSync(precious)).toBe(true)
  expect(readdirSync(records)).toEqual([`${basename(path)}.json`])
})

test('it lies in a short place where the system’s own is too deep for the path of a socket', async () => {
  const { within, records } = await world()
  const deep = join(within, 'd'.repeat(70))
  mkdirSync(deep)
  const { path, close } = await openSocketsFolder({ within: deep, records, ids })
  expect(`${path}/doors-123456/doors`.length).toBeLessThanOrEqual(103)
  expect(readdirSync(deep)).toEqual([])
  close()
  expect(existsSync(path)).toBe(false)
})
