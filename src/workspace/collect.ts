/**
 * Takes an attempt's work over: bundled in the jail, imported by trusted git. Workflow files, which the App may not push,
 * are taken out of what is checked and published, and kept as a patch for a person.
 */
import { readFile, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { ChangedFile } from '../domain/attempt.ts'
import type { RepoId } from '../domain/ids.ts'
import { WORKFLOWS, isWorkflow } from '../domain/withheld.ts'
import type { Withheld } from '../domain/withheld.ts'
import type { Git } from '../ports/git.ts'
import type { Collected, CollectWords } from '../ports/workspace.ts'
import { bundleWork, WORK_REF } from './bundle-work.ts'
import type { Bundler } from './bundle-work.ts'
import { invalid } from './local-fault.ts'
import type { Found, Places } from './places.ts'

/** The store keeps each task's work until it is published, so that any app can publish it; a judgement. */
const MAX_KEPT = 32 * 1024 * 1024
/** Bytes; a comment on GitHub holds 65,536 characters. */
const MAX_PATCH = 50_000

export interface Room extends Bundler {
  readonly places: Places
  readonly git: Pick<Git, 'importBundle' | 'diff'>
}

export interface Collecting extends Found {
  readonly repo: RepoId
  readonly words: CollectWords
}

/** Null: nothing was done. */
export async function collect(room: Room, work: Collecting): Promise<Collected | null> {
  const whole = await take(room, work, null)
  if (whole === null || work.words.whole === true || !whole.files.some(isWorkflow)) return whole
  const withheld = await withhold(room, work, whole)
  if (whole.files.every(isWorkflow)) return { ...whole, withheld }
  const rest = await take(room, work, WORKFLOWS)
  if (rest === null || rest.files.some(isWorkflow))
    throw invalid('collect the work', `the changes of ${WORKFLOWS} could not be taken out of it`)
  return { ...rest, withheld }
}

async function take(
  room: Room,
  { repo, record, at, words }: Collecting,
  without: string | null,
): Promise<Collected | null> {
  const target = join(room.layout.incoming, room.ids.unique())
  try {
    if (!(await bundleWork(room, { place: at, words, safe: null, without, target }))) return null
    const bundle = { file: target, ref: WORK_REF, base: record.base }
    const imported = await room.git.importBundle(repo, record.task, bundle)
    if (imported === null) return null
    await room.places.update({ ...record, collected: imported.head })
    const { size } = await stat(target)
    if (size > MAX_KEPT) throw tooLarge(size)
    return { ...imported, bytes: await readFile(target) }
  } finally {
    await rm(target, { force: true })
  }
}

async function withhold(
  { git }: Room,
  { record }: Collecting,
  { head, files }: Collected,
): Promise<Withheld> {
  const paths = files.filter(isWorkflow).flatMap(namesOf)
  const range = { base: record.base, head, paths, maxBytes: MAX_PATCH }
  const { text, cut } = await git.diff(record.task, range)
  return { head, paths, patch: cut ? null : text }
}

const namesOf = ({ path, from }: ChangedFile): readonly string[] =>
  from === undefined ? [path] : [from, path]

const tooLarge = (size: number): Error =>
  invalid(
    'collect the work',
    `the work comes to ${Math.ceil(size / 1024 / 1024)} MiB and at most ${MAX_KEPT / 1024 / 1024} MiB can be published: leave out what is built or downloaded (.gitignore helps), or use Git LFS`,
  )
