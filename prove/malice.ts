/**
 * A malicious agent in a real jail, and 100 kills of the app over 500 of its children:
 * `node prove/malice.ts [--kills=100] [--megabytes=1024] [--seconds=10]`. Exit code 1 when a promise was broken.
 */
import { parseArgs } from 'node:util'
import { mkdtemp, rm } from 'node:fs/promises'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { probeBwrap } from '../src/jail/probe.ts'
import { campaign } from './malice/campaign.ts'

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '100' },
    megabytes: { type: 'string', default: '1024' },
    seconds: { type: 'string', default: '10' },
  },
})
const folder = await mkdtemp(join(tmpdir(), 'yard-malice-probe-'))
const probe = await probeBwrap({
  folder,
  sockets: folder,
  toolchain: {
    path: process.env['PATH'] ?? '',
    needed: [process.execPath],
    hidden: [homedir()],
  },
  ids: { unique: () => crypto.randomUUID() },
})
await rm(folder, { recursive: true, force: true })
if (probe.kind === 'unavailable') {
  process.stdout.write(`skipped: ${probe.reason}\n`)
} else {
  const began = performance.now()
  const told = await campaign({
    bwrap: probe.program,
    kills: Number(values.kills),
    seconds: Number(values.seconds),
    megabytes: Number(values.megabytes),
    control: true,
  })
  for (const line of told.numbers) process.stdout.write(`${line}\n`)
  for (const line of told.skipped) process.stdout.write(`skipped: ${line}\n`)
  for (const line of told.violations) process.stdout.write(`VIOLATION: ${line}\n`)
  const seconds = Math.round((performance.now() - began) / 1000)
  process.stdout.write(`${told.violations.length} violations, in ${seconds} s\n`)
  process.exitCode = told.violations.length === 0 ? 0 : 1
}
