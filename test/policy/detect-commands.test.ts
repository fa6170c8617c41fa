import { describe, expect, it } from 'vitest'
import { detectCommands } from '../../src/policy/detect-commands.ts'

const NPM = JSON.stringify({ scripts: { test: 'vitest run' } })
const PLACEHOLDER = JSON.stringify({
  scripts: { test: 'echo "Error: no test specified" && exit 1' },
})

const detect = (files: Record<string, string>) =>
  detectCommands({ has: (name) => name in files, text: (name) => files[name] ?? null })

describe('a repository without settings is offered its own commands', () => {
  it.each([
    [
      'npm with a lockfile',
      { 'package.json': NPM, 'package-lock.json': '' },
      ['npm ci'],
      ['npm test'],
    ],
    ['npm without one', { 'package.json': NPM }, [], ['npm test']],
    [
      'pnpm',
      { 'package.json': NPM, 'pnpm-lock.yaml': '' },
      ['pnpm install --frozen-lockfile'],
      ['pnpm test'],
    ],
    ["npm's placeholder test", { 'package.json': PLACEHOLDER }, [], []],
    ['a broken package.json', { 'package.json': '{' }, [], []],
    ['Rust', { 'Cargo.toml': '' }, [], ['cargo test']],
    ['Go', { 'go.mod': '' }, [], ['go test ./...']],
    ['Python with uv', { 'uv.lock': '', 'pyproject.toml': '' }, ['uv sync'], ['uv run pytest']],
    ['Python', { 'pyproject.toml': '' }, [], ['python -m pytest']],
    ['a Makefile with tests', { Makefile: 'all:\n\ntest: all\n\t./t\n' }, [], ['make test']],
    ['a Makefile without', { Makefile: 'all:\n' }, [], []],
    ['nothing known', { 'README.md': '' }, [], []],
  ])('%s', (_, files, setup, verify) => {
    expect(detect(files)).toEqual({ setup, verify })
  })
})
