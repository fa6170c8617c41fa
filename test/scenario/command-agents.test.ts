/** The guide's own example of an agent without a protocol: it does what the page says, and asks where the page says so. */
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readPage } from '../docs/pages.ts'
import { MAINTAINER, openYard } from './support/yard.ts'
import type { Yard } from './support/yard.ts'

let folder: string
let yard: Yard
beforeAll(async () => {
  const block = readPage('docs/guide.md').blocks.find(({ text }) => text.includes('exit 75'))
  folder = await mkdtemp(join(tmpdir(), 'yard-command-'))
  const script = join(folder, 'rename.sh')
  await writeFile(script, block?.text ?? '')
  await chmod(script, 0o755)
  yard = await openYard({
    operator: JSON.stringify({
      profiles: { rename: { protocol: 'command', command: [script] } },
      jail: 'none',
    }),
  })
})
afterAll(async () => {
  await yard.close()
  await rm(folder, { recursive: true })
})

const FILES = { 'src/horn.js': 'export const horn = "Tuut"\n', 'src/hornet.js': 'hornet()\n' }

describe('the command of the guide', () => {
  it('does what the issue says, and its report becomes the pull request', async () => {
    const repo = await yard.repository({ files: FILES })
    const number = yard.issue(repo, 'Rename `horn` to `whistle`, please.')
    yard.label(repo, number)
    const { state } = await yard.becomes(repo, number, 'in-review')
    const branch = `yardmaster/${number}`
    expect(await yard.emulator.fileAt(repo, branch, 'src/horn.js')).toContain('whistle =')
    expect(await yard.emulator.fileAt(repo, branch, 'src/hornet.js')).toBe('hornet()\n')
    const { body } = yard.emulator.pull({ repo, number: state.pull.number })
    expect(body).toContain('Renamed horn to whistle.')
  })

  it('asks by exit code 75, and goes on in the same worktree with the answer', async () => {
    const repo = await yard.repository({ files: FILES })
    const number = yard.issue(repo, 'That name is too loud.')
    yard.label(repo, number)
    await yard.becomes(repo, number, 'parked')
    await yard.says(repo, number, /Which name becomes which\?/)
    yard.emulator.comment({
      repo,
      number,
      as: MAINTAINER,
      body: '/answer Rename `horn` to `bell`',
    })
    await yard.becomes(repo, number, 'in-review')
    const text = await yard.emulator.fileAt(repo, `yardmaster/${number}`, 'src/horn.js')
    expect(text).toContain('bell =')
    expect(await yard.attempts(repo, number)).toHaveLength(2)
  })
})
