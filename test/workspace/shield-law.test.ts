/**
 * The law of setting aside and giving back, on many small worktrees: what nobody changed since is as it was, what was
 * changed stays as it was left; and wherever we die, the next life ends in the same state.
 */
import {
  lstat,
  mkdir,
  mkdtemp,
  readFile,
  readdir,
  readlink,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeEach, describe, expect, test, vi } from 'vitest'
import type { ApprovedFile } from '../../src/ports/git.ts'
import { startEntry } from '../../src/policy/start-files.ts'
import { giveBack } from '../../src/workspace/give-back.ts'
import { shield } from '../../src/workspace/shield.ts'

/** Deeds on the disk that are still allowed; after that the process is dead. */
const life = vi.hoisted(() => ({ left: Number.POSITIVE_INFINITY, done: 0 }))

/** Each call that changes something counts; reading needs no life. */
const mortal = vi.hoisted(
  () =>
    <Module extends object>(module: Module, names: readonly string[]): Module => {
      const wrapped: Record<string, unknown> = {}
      for (const [name, call] of Object.entries(module))
        wrapped[name] = !names.includes(name)
          ? call
          : (...args: readonly unknown[]): unknown => {
              if (life.left <= 0) throw new Error('dead')
              life.left -= 1
              life.done += 1
              return (call as (...given: readonly unknown[]) => unknown)(...args)
            }
      return wrapped as Module
    },
)
vi.mock('node:fs/promises', async (original) =>
  mortal(await original<object>(), [
    'rename',
    'rm',
    'mkdir',
    'mkdtemp',
    'writeFile',
    'link',
    'chmod',
  ]),
)
vi.mock('node:fs', async (original) =>
  mortal(await original<object>(), ['renameSync', 'writeFileSync']),
)

const PATHS = [
  '.claude/a.json',
  '.claude/b.json',
  '.claude/hooks/run.sh',
  'CLAUDE.md',
  'docs/.mcp.json',
  '.github/hooks/h.json',
  '.github/ci.yml',
  'src/a.ts',
] as const

/** By path: its text, or `->` and where it leads. */
type Tree = ReadonlyMap<string, string>

const texts = fc.constantFrom('one', 'two', 'three', '-> elsewhere')
const tree = (text: fc.Arbitrary<string>): fc.Arbitrary<Tree> =>
  fc
    .record(Object.fromEntries(PATHS.map((path) => [path, fc.option(text)])))
    .map(
      (found) =>
        new Map(Object.entries(found).flatMap(([at, is]) => (is === null ? [] : [[at, is]]))),
    )
const approvedTree = tree(fc.constantFrom('one', 'two', 'approved'))
/** Null: it is taken away. */
const edits = fc.dictionary(fc.constantFrom(...PATHS), fc.option(texts), { maxKeys: 4 })

const folders: string[] = []
beforeEach(() => Object.assign(life, { left: Number.POSITIVE_INFINITY, done: 0 }))
afterAll(async () => {
  for (const folder of folders) await rm(folder, { recursive: true, force: true })
})

async function lay(root: string, files: Iterable<readonly [string, string | null]>): Promise<void> {
  for (const [path, text] of files) {
    const at = join(root, path)
    await rm(at, { force: true })
    if (text === null) continue
    await mkdir(dirname(at), { recursive: true })
    await (text.startsWith('->') ? symlink(text.slice(3), at) : writeFile(at, text))
  }
}

async function seen(root: string, below = ''): Promise<Map<string, string>> {
  const found = new Map<string, string>()
  for (const name of await readdir(join(root, below))) {
    const path = below === '' ? name : `${below}/${name}`
    const at = join(root, path)
    const is = await lstat(at)
    if (is.isDirectory()) for (const [key, text] of await seen(root, path)) found.set(key, text)
    else
      found.set(path, is.isSymbolicLink() ? `-> ${await readlink(at)}` : await readFile(at, 'utf8'))
  }
  return found
}

async function pairOf(stood: Tree): Promise<string> {
  const pair = await mkdtemp(join(tmpdir(), 'yard-law-'))
  folders.push(pair)
  // Folders that only hold such files are there all the same.
  for (const folder of ['docs', '.github', 'src'])
    await mkdir(join(pair, 'worktree', folder), { recursive: true })
  await lay(join(pair, 'worktree'), stood)
  return pair
}

const filesOf = (approved: Tree): readonly ApprovedFile[] =>
  [...approved]
    .filter(([path]) => startEntry(path) !== null)
    .map(([path, text]) => ({ path, executable: false, bytes: new TextEncoder().encode(text) }))

const sorted = (files: Tree): readonly string[] =>
  [...files].map(([path, text]) => `${path}: ${text}`).toSorted()

/** What a start sees: the approved files of the list, and all others as they stood. */
const shielded = (stood: Tree, approved: Tree): Tree =>
  new Map(
    [...stood, ...approved]
      .filter(([path]) => (startEntry(path) === null ? stood.has(path) : approved.has(path)))
      .map(([path]) => [path, (startEntry(path) === null ? stood : approved).get(path) ?? '']),
  )

/** The law, path by path. */
function given(stood: Tree, put: Tree, left: Tree): Tree {
  const result = new Map<string, string>()
  for (const path of PATHS) {
    const is = left.get(path) === put.get(path) ? stood.get(path) : left.get(path)
    if (is !== undefined) result.set(path, is)
  }
  return result
}

/** Until it ends by itself, dying after each deed once more. */
async function dying(work: () => Promise<unknown>, deeds: number): Promise<boolean> {
  life.left = deeds
  const died = await work().then(
    () => false,
    () => true,
  )
  life.left = Number.POSITIVE_INFINITY
  return died
}

describe('setting aside and giving back', () => {
  test('40 worktrees: a start sees what is approved, and afterwards only what was changed is changed', async () => {
    await fc.assert(
      fc.asyncProperty(tree(texts), approvedTree, edits, async (stood, approved, changes) => {
        const pair = await pairOf(stood)
        const root = join(pair, 'worktree')
        await shield(pair, filesOf(approved))
        const put = await seen(root)
        expect(sorted(put)).toEqual(sorted(shielded(stood, approved)))
        await lay(root, Object.entries(changes))
        const left = await seen(root)
        await giveBack(pair)
        expect(sorted(await seen(root))).toEqual(sorted(given(stood, put, left)))
        expect(await readdir(pair)).toEqual(['worktree'])
      }),
      { numRuns: 40, seed: 5 },
    )
  }, 60_000)

  test('a death after each deed of either, in 6 worktrees: the next life ends in the same state', async () => {
    let deaths = 0
    await fc.assert(
      fc.asyncProperty(tree(texts), approvedTree, edits, async (stood, approved, changes) => {
        for (let deeds = 0; ; deeds += 1) {
          const pair = await pairOf(stood)
          const died = await dying(() => shield(pair, filesOf(approved)), deeds)
          await giveBack(pair)
          expect(sorted(await seen(join(pair, 'worktree')))).toEqual(sorted(stood))
          if (!died) break
          deaths += 1
        }
        for (let deeds = 0; ; deeds += 1) {
          const pair = await pairOf(stood)
          const root = join(pair, 'worktree')
          await shield(pair, filesOf(approved))
          const put = await seen(root)
          await lay(root, Object.entries(changes))
          const wanted = sorted(given(stood, put, await seen(root)))
          const died = await dying(() => giveBack(pair), deeds)
          await giveBack(pair)
          expect(sorted(await seen(root))).toEqual(wanted)
          if (!died) break
          deaths += 1
        }
      }),
      { numRuns: 6, seed: 7 },
    )
    expect(deaths).toBeGreaterThan(100)
  }, 60_000)
})
