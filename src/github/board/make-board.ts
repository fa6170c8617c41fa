/**
 * Makes a board, or adopts one: whatever is there stays, fields and options that are missing are added, nothing is
 * renamed or taken away. Doing it again does nothing.
 */
import type { Octokit } from '@octokit/rest'
import * as z from 'zod'
import { sameColumn } from '../../domain/board.ts'
import type { Deadline } from '../../domain/deadline.ts'
import type { BoardAt } from '../../ports/board.ts'
import { WorldFault } from '../../ports/fault.ts'
import type { Client } from '../client.ts'
import { CREATE_PROJECT, SET_OPTIONS } from '../queries/make-board.ts'
import { runQuery } from '../run-query.ts'
import { createDoors } from './doors.ts'
import type { Door } from './doors.ts'
import { addressed, get, pages } from './requests.ts'
import { fields, named } from './shapes.ts'
import type { FieldRow } from './shapes.ts'

export interface BoardWish {
  readonly owner: string
  /** Null: the project of that title, or else a new one. */
  readonly project: number | null
  readonly title: string
  readonly repo: BoardAt['repo']
  /** Names of the columns, in their order. */
  readonly columns: readonly string[]
  readonly notAfter: Deadline
}

export interface Deed {
  readonly what: 'project' | 'field' | 'column'
  readonly name: string
  readonly did: 'made' | 'found'
}

export interface BoardMade {
  readonly project: number
  readonly deeds: readonly Deed[]
}

const project = z.object({ number: z.int(), title: z.string(), state: z.string().nullish() })
const NUMBERS = ['Attempt', 'Wave', 'Cost'] as const
const TEXTS = ['Agent'] as const

export async function makeBoard(
  clients: { readonly client: Client; readonly personal: Client | null },
  wish: BoardWish,
): Promise<BoardMade> {
  const doors = createDoors(clients.client, clients.personal)
  const { owner } = wish
  return await doors.through({ owner, project: wish.project ?? 0 }, async (door) => {
    const found = await projectFor(door, wish)
    const at = { owner, project: found.number, repo: wish.repo }
    const octokit = door.write(at, wish.notAfter, 'people')
    const rows = await readFields(door, at)
    const deeds: Deed[] = [{ what: 'project', name: found.title, did: found.did }]
    deeds.push(...(await makeColumns(octokit, { door, at, rows }, wish.columns)))
    for (const name of [...NUMBERS, ...TEXTS]) {
      const known = named(rows, name)
      if (known !== null && known.data_type !== 'text' && known.data_type !== 'number')
        throw refused(`The field ${name} is there already, and takes neither text nor numbers.`)
      const kind = TEXTS.some((one) => one === name) ? 'text' : 'number'
      if (known === null) await addField(octokit, { door, at }, { name, data_type: kind })
      deeds.push({ what: 'field', name, did: known === null ? 'made' : 'found' })
    }
    return { project: found.number, deeds }
  })
}

interface Place {
  readonly door: Door
  readonly at: BoardAt
}

async function projectFor(door: Door, wish: BoardWish) {
  const { owner, repo, title } = wish
  const at = { owner, repo, project: wish.project ?? 0 }
  const octokit = door.read(at)
  if (wish.project !== null) {
    const found = await get(octokit, addressed(door, at, ''), project)
    return { ...found, did: 'found' as const }
  }
  const url = `${door.root}/projectsV2`
  const { items } = await pages(octokit, { url, owner }, z.array(project))
  const known = items.find((one) => one.title === title && one.state !== 'closed')
  if (known !== undefined) return { ...known, did: 'found' as const }
  const account = z.object({ node_id: z.string() })
  const { node_id: id } = await get(octokit, { url: '/users/{owner}', owner }, account)
  const made = await runQuery(door.write(at, wish.notAfter, 'people'), CREATE_PROJECT, {
    owner: id,
    title,
  })
  return { number: made.createProjectV2.projectV2.number, title, did: 'made' as const }
}

async function readFields(door: Door, at: BoardAt): Promise<readonly FieldRow[]> {
  return (await pages(door.read(at), addressed(door, at, '/fields'), fields)).items
}

async function makeColumns(
  octokit: Octokit,
  { door, at, rows }: Place & { readonly rows: readonly FieldRow[] },
  columns: readonly string[],
): Promise<readonly Deed[]> {
  const status = named(rows, 'Status')
  const fresh = columns.map((name) => ({ name, color: 'GRAY', description: '' }))
  if (status === null) {
    const options = { single_select_options: fresh }
    await addField(
      octokit,
      { door, at },
      { name: 'Status', data_type: 'single_select', ...options },
    )
    return columns.map((name) => ({ what: 'column', name, did: 'made' }))
  }
  if (status.data_type !== 'single_select')
    throw refused('The field Status is there already, and offers no options to choose from.')
  const known = status.options ?? []
  const isThere = (name: string): boolean => known.some((one) => sameColumn(one.name.raw, name))
  const missing = fresh.filter(({ name }) => !isThere(name))
  if (missing.length > 0) {
    const kept = known.map(({ id, name, color, description }) => ({
      id,
      name: name.raw,
      color: color ?? 'GRAY',
      description: description?.raw ?? '',
    }))
    const options = [...kept, ...missing]
    await runQuery(octokit, SET_OPTIONS, { field: status.node_id ?? '', options })
  }
  return columns.map((name) => ({ what: 'column', name, did: isThere(name) ? 'found' : 'made' }))
}

async function addField(
  octokit: Octokit,
  { door, at }: Place,
  field: Readonly<Record<string, unknown>>,
): Promise<void> {
  await octokit.request({ method: 'POST', ...addressed(door, at, '/fields'), ...field })
}

const refused = (message: string): WorldFault =>
  new WorldFault(`${message} Rename it, and run this again.`, {
    kind: 'invalid',
    applied: 'no',
    operation: 'yardmaster board init',
  })
