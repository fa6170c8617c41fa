/** Workflow files: never pushed, handed to a person as a patch that applies, and the rest published as it was checked. */
import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { file } from './support/issues.ts'
import { MAINTAINER, openYard } from './support/yard.ts'
import type { Yard } from './support/yard.ts'

const run = promisify(execFile)

let yard: Yard
beforeAll(async () => {
  yard = await openYard()
})
afterAll(async () => yard.close())

const OLD = 'on: push\njobs: {}\n'
const WORKFLOW = file('.github/workflows/ci.yml', 'on: [push, pull_request]\njobs: {}')
const BOTH = `${WORKFLOW}\n\n${file('.github/workflows/new.yml', 'on: push')}\n\n${file('hello.txt', 'Hello.')}`

async function labelled(body: string, files: Readonly<Record<string, string>> = {}) {
  const repo = await yard.repository({ files: { '.github/workflows/ci.yml': OLD, ...files } })
  const number = yard.issue(repo, body)
  yard.label(repo, number)
  return { repo, number }
}

/** What `git apply` makes of the repository at its first commit with the patch of that comment. */
async function applied(comment: string): Promise<string> {
  const patch = /```diff\n([^]*?\n)```/.exec(comment)?.[1] ?? ''
  const folder = await mkdtemp(join(tmpdir(), 'apply-'))
  try {
    const git = (...args: string[]) => run('git', ['-C', folder, ...args])
    await git('init', '-q')
    await run('mkdir', ['-p', join(folder, '.github/workflows')])
    await writeFile(join(folder, '.github/workflows/ci.yml'), OLD)
    await git('add', '.')
    await writeFile(join(folder, 'workflows.patch'), patch)
    await git('apply', '--index', 'workflows.patch')
    const { stdout } = await git('grep', '--cached', '-h', 'on:')
    return stdout
  } finally {
    await rm(folder, { recursive: true })
  }
}

describe('work that changes workflows and more', () => {
  it('is published without them, and they are handed over as a patch that applies', async () => {
    const { repo, number } = await labelled(BOTH)
    const { state } = await yard.becomes(repo, number, 'in-review')
    const at = { repo, number: state.pull.number }
    expect((await yard.emulator.pullFiles(at)).map(({ filename }) => filename)).toEqual([
      'hello.txt',
    ])
    expect(yard.emulator.pull(at).body).toContain('### Not in this pull request')
    const comment = await yard.says(repo, number, 'a part of this work are workflow files')
    expect(comment).toContain(`@${MAINTAINER}, `)
    expect(comment).toContain('- `.github/workflows/ci.yml`\n- `.github/workflows/new.yml`')
    expect(await applied(comment)).toBe('on: [push, pull_request]\non: push\n')
    expect(yard.comments(repo, number)).toHaveLength(2)
  })

  it('fails when the rest does not pass the checks without them', async () => {
    const check = 'grep -q pull_request .github/workflows/ci.yml || ! test -e hello.txt\n'
    const { repo, number } = await labelled(BOTH, { 'check.sh': check })
    const task = await yard.until('it is tried again, or has failed', async () => {
      const found = await yard.task(repo, number)
      return found !== null && ['retrying', 'failed'].includes(found.state.kind) && found
    })
    expect(task.report?.end).toEqual({ kind: 'failed', failure: 'verify' })
    expect([...yard.emulator.branches(repo).keys()]).toEqual(['main'])
    await yard.fails(repo, number)
  })
})

describe('work that changes workflows only', () => {
  it('waits for the person who applies it; nothing is pushed and nothing tried again', async () => {
    const { repo, number } = await labelled(WORKFLOW)
    const { gate } = await yard.becomes(repo, number, 'gated')
    expect(gate).toMatchObject({ kind: 'workflows', paths: ['.github/workflows/ci.yml'] })
    const comment = await yard.says(repo, number, 'all that it changes are workflow files')
    expect(comment).toContain(`\`/approve ${gate?.head}\` when it is applied`)
    expect(await applied(comment)).toBe('on: [push, pull_request]\n')
    await yard.says(repo, number, /### A person must approve[^]*as a patch for a person/)
    expect(await yard.attempts(repo, number)).toHaveLength(1)
    expect([...yard.emulator.branches(repo).keys()]).toEqual(['main'])
    expect(yard.comments(repo, number)).toHaveLength(2)
    const body = `Applied.\n\n/approve ${gate?.head}`
    yard.emulator.comment({ repo, number, as: MAINTAINER, body })
    await yard.becomes(repo, number, 'done')
    expect([...yard.emulator.branches(repo).keys()]).toEqual(['main'])
  })
})
