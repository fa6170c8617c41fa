/** Takes work over that another machine has collected: its bundle comes from the store, and is trusted no more than one of an agent. */
import { mkdir, mkdtemp, open, rm, writeFile } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Sha, TaskId } from '../domain/ids.ts'
import type { RepoRef } from '../domain/repository.ts'
import { WorldFault } from '../ports/fault.ts'
import { readBundleHeader } from './bundle-header.ts'
import { importBundle } from './import-bundle.ts'
import { holds } from './mirror.ts'
import { outboxPath, type Room } from './room.ts'

export interface KeptWork {
  readonly base: Sha
  readonly head: Sha
  readonly bytes: Uint8Array
}

/** Whether the task's outbox here has that commit. */
export async function holdsWork(room: Room, task: TaskId, head: Sha): Promise<boolean> {
  const outbox = outboxPath(room, task)
  return existsSync(outbox) && (await holds(room, outbox, head))
}

/** `bring` brings the base into the mirror, from which the outbox borrows. */
export async function restoreWork(
  room: Room,
  bring: (repo: RepoRef, head: Sha) => Promise<void>,
  to: { readonly repo: RepoRef; readonly task: TaskId },
  { base, head, bytes }: KeptWork,
): Promise<void> {
  await bring(to.repo, base)
  const incoming = join(room.folder, 'incoming')
  await mkdir(incoming, { recursive: true, mode: 0o700 })
  const folder = await mkdtemp(join(incoming, 'work-'))
  const file = join(folder, 'work.bundle')
  try {
    await writeFile(file, bytes, { mode: 0o600 })
    const ref = await refOf(file, head)
    await importBundle(room, to.repo.id, to.task, { file, ref, base })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function refOf(path: string, head: Sha): Promise<string> {
  const file = await open(path, 'r')
  try {
    const header = await readBundleHeader(file)
    if (typeof header === 'string') throw damaged(header)
    const found = [...header.refs].find(([, sha]) => sha === head)
    if (found === undefined) throw damaged('it does not hold the head that was recorded')
    return found[0]
  } finally {
    await file.close()
  }
}

const damaged = (why: string): WorldFault =>
  new WorldFault(`the kept work cannot be taken over: ${why}`, {
    kind: 'invalid',
    applied: 'no',
    operation: 'restore work',
  })
