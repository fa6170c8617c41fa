/** The report is a file that an agent left: whatever it is, nothing but a report is read, and nobody waits for it (T24). */
import { execFileSync } from 'node:child_process'
import { link, mkdir, open, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { describe, expect, test } from 'vitest'
import { readReport } from '../../src/agents/report.ts'
import { takeFile } from '../../src/workspace/take-file.ts'
import { ids, temporary, text } from '../git/world.ts'

const SECRET = '{"summary":"a secret of ours"}'

const FORMS: readonly (readonly [string, (file: string, secret: string) => Promise<unknown>])[] = [
  ['a symbolic link', async (file, secret) => await symlink(secret, file)],
  ['a link to a device', async (file) => await symlink('/dev/zero', file)],
  ['a hard link', async (file, secret) => await link(secret, file)],
  [
    'a pipe',
    async (file) => await Promise.resolve(execFileSync('/bin/sh', ['-c', 'mkfifo "$0"', file])),
  ],
  ['a folder', async (file) => await mkdir(file)],
  [
    'a sparse file of five gigabytes',
    async (file) => {
      const made = await open(file, 'w')
      await made.truncate(5_000_000_000)
      await made.close()
    },
  ],
  ['more than a mebibyte', async (file) => await writeFile(file, ' '.repeat(1024 * 1024 + 1))],
  ['no JSON', async (file) => await writeFile(file, '{"summary":')],
  ['another form', async (file) => await writeFile(file, '{"summary": 7}')],
]

describe('a report file', () => {
  test(`in ${FORMS.length} hostile forms: 0 read, and none takes a second`, async () => {
    const exchange = await temporary()
    const secret = join(await temporary(), 'secret.json')
    await writeFile(secret, SECRET)
    const file = join(exchange, 'report.json')
    const wrong: string[] = []
    for (const [name, make] of FORMS) {
      await rm(file, { recursive: true, force: true })
      await make(file, secret)
      const before = performance.now()
      const reading = await readReport(exchange)
      if (reading.kind !== 'unusable' || reading.why.includes('secret of ours')) wrong.push(name)
      if (performance.now() - before > 2000) wrong.push(`${name}: too slow`)
    }
    expect(wrong).toEqual([])
  })

  test('swapped for a link to a secret while it is read, 1,000 times: 0 leaks', async () => {
    const exchange = await temporary()
    const secret = join(await temporary(), 'secret.json')
    await writeFile(secret, SECRET)
    const file = join(exchange, 'report.json')
    await writeFile(file, OWN)
    const swapper = new Worker(SWAP, { eval: true, workerData: { file, secret, own: OWN } })
    await new Promise((resolve) => swapper.once('message', resolve))
    const seen = new Map<string, number>()
    try {
      const until = performance.now() + 20_000
      const met = (): boolean => seen.has('its own') && seen.has('refused')
      for (let n = 0; n < 500 || (!met() && performance.now() < until); n += 1) {
        const reading = await readReport(exchange)
        const said = reading.kind === 'report' ? reading.report.summary : reading.kind
        seen.set(said, (seen.get(said) ?? 0) + 1)
        const to = join(exchange, ids.unique())
        const taken = await takeFile(file, to, 1000).then(
          async (there) => (there ? await text(to) : 'none'),
          () => 'refused',
        )
        seen.set(taken, (seen.get(taken) ?? 0) + 1)
      }
    } finally {
      await swapper.terminate()
    }
    expect([...seen.keys()].filter((said) => said.includes('secret of ours'))).toEqual([])
    expect(seen.get('its own'), 'it was read in between').toBeGreaterThan(0)
    expect(seen.get('refused'), 'it was swapped in between').toBeGreaterThan(0)
  }, 30_000)
})

const OWN = '{"summary":"its own"}'
const SWAP = `
const { symlinkSync, writeFileSync, renameSync, rmSync } = require('node:fs')
const { parentPort, workerData: { file, secret, own } } = require('node:worker_threads')
parentPort.postMessage('begun')
for (;;) {
  symlinkSync(secret, file + '.next'); renameSync(file + '.next', file)
  writeFileSync(file + '.next', own); renameSync(file + '.next', file)
}`
