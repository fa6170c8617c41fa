import { describe, expect, it } from 'vitest'
import type { ChangedFile } from '../../src/domain/attempt.ts'
import { protectedPaths } from '../../src/policy/protected-paths.ts'
import { START_FILES, startEntry } from '../../src/policy/start-files.ts'
import { ready } from '../support/builders.ts'

const changed = (path: string, over: Partial<ChangedFile> = {}): ChangedFile => ({
  path,
  status: 'modified',
  additions: 1,
  deletions: 0,
  ...over,
})
const of = (paths: readonly string[], patterns: readonly string[] = []) =>
  protectedPaths(
    paths.map((path) => changed(path)),
    ready({ protected: patterns }),
  )

describe('protected in every repository', () => {
  it.each([
    '.github/workflows/ci.yml',
    '.github/actions/setup/action.yml',
    '.github/.hidden/x',
    '.GitHub/workflows/ci.yml',
    '.github',
    'CODEOWNERS',
    'docs/CODEOWNERS',
    '.claude/settings.json',
    'packages/a/.claude/hooks/x.sh',
    '.mcp.json',
    '.codex/config.toml',
    '.gemini/settings.json',
    '.cursor/rules/a.mdc',
    'CLAUDE.md',
    'packages/a/claude.md',
    'AGENTS.md',
    'GEMINI.md',
    '.npmrc',
    'packages/a/.npmrc',
    '.yarnrc.yml',
    'bunfig.toml',
    '.ripgreprc',
    '.env',
    '.husky/pre-commit',
    '.githooks/pre-push',
    'lefthook.yml',
    '.pre-commit-config.yaml',
    '.gitmodules',
    '.gitattributes',
    '.vscode/tasks.json',
    '.cla\u200Bude/settings.json',
    '.npm\uFF52c',
  ])('%s', (path) => {
    expect(of([path])).toEqual([path])
  })

  it.each([
    'src/github/index.ts',
    'github/workflows/ci.yml',
    'docs/agents.md.txt',
    'src/claude.ts',
    'package-lock.json',
    'environment.env.ts',
    'README.md',
    '.gitignore',
  ])('but not %s', (path) => {
    expect(of([path])).toEqual([])
  })

  it('also by what the file brings, whatever it is called', () => {
    const files = [
      changed('package.json', { brings: 'scripts' }),
      changed('vendored', { brings: 'submodule' }),
      changed('other/package.json'),
    ]
    expect(protectedPaths(files, ready())).toEqual(['package.json', 'vendored'])
  })

  it('and a file moved away from such a place, with both its names', () => {
    const file = changed('notes.txt', { status: 'renamed', from: '.github/CODEOWNERS' })
    expect(protectedPaths([file], ready())).toEqual(['.github/CODEOWNERS', 'notes.txt'])
  })
})

describe('what programs obey by its being there', () => {
  const WAYS: readonly (readonly [string, (path: string) => ChangedFile])[] = [
    ['itself', (path) => changed(path)],
    ['something in it', (path) => changed(`${path}/x/y.json`)],
    ['far below', (path) => changed(`packages/a/${path}`, { status: 'added' })],
    ['in capitals', (path) => changed(path.toUpperCase(), { status: 'type-changed' })],
    ['moved away', (path) => changed('notes.txt', { status: 'renamed', from: path })],
    ['moved there', (path) => changed(`b/${path}`, { status: 'renamed', from: 'notes.txt' })],
    ['deleted', (path) => changed(path, { status: 'deleted' })],
  ]

  it(`${START_FILES.length} entries of the list × ${WAYS.length} ways to change them: all are findings, and set aside before a start`, () => {
    const missed: string[] = []
    for (const { path } of START_FILES)
      for (const [way, change] of WAYS) {
        const file = change(path)
        if (protectedPaths([file], ready()).length === 0) missed.push(`${path}, ${way}`)
        if (startEntry(file.path) === null && (file.from ?? null) !== path)
          missed.push(`${path}, ${way}: not set aside`)
      }
    expect(missed).toEqual([])
  })
})

describe('what a repository names', () => {
  it.each([
    [['infra/**'], 'infra/main.tf'],
    [['/infra/'], 'infra/a/b.tf'],
    [['infra/'], 'infra/a.tf'],
    [['**/Dockerfile'], 'services/api/Dockerfile'],
    [['**/Dockerfile'], 'Dockerfile'],
    [['*.lock'], 'yarn.lock'],
    [['src/{auth,crypto}/**'], 'src/crypto/sign.ts'],
    [['Makefile'], 'makefile'],
    [['**'], '.anything'],
  ])('%j covers %s', (patterns, path) => {
    expect(of([path], patterns)).toEqual([path])
  })

  it.each([
    [['infra/**'], 'src/infra/main.tf'],
    [['*.lock'], 'a/yarn.lock'],
    [['!**'], 'src/a.ts'],
    [['/'], 'src/a.ts'],
    [['+(a|b)'], 'a'],
  ])('%j does not cover %s', (patterns, path) => {
    expect(of([path], patterns)).toEqual([])
  })

  it('takes nothing away from what is protected always', () => {
    expect(of(['.npmrc'], [])).toEqual(['.npmrc'])
  })

  it('when it cannot be read, covers everything: nobody knows what may be pushed', () => {
    const files = [changed('src/a.ts')]
    for (const policy of [{ kind: 'missing' }, { kind: 'broken', problems: [] }] as const)
      expect(protectedPaths(files, policy)).toEqual(['src/a.ts'])
  })
})
