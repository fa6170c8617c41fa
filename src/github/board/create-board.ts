/**
 * Reads and writes cards. What the fields and options are called is looked up seldom and remembered by their ids; a
 * column is never asked for by its name, because after a renaming that finds nothing and says so to nobody.
 */
import * as z from 'zod'

import type { Board, BoardAt, BoardShape } from '../../ports/board.ts'
import type { Clock } from '../../ports/clock.ts'
import { WorldFault } from '../../ports/fault.ts'
import { isMissing } from '../client.ts'
import type { Client } from '../client.ts'
import { createDoors } from './doors.ts'
import { addressed, checked, get, pages } from './requests.ts'
import { cardOf, fields, item, shapeOf } from './shapes.ts'

export interface BoardOptions {
  readonly client: Client
  /** What carries a person's classic token; null: none was given. */
  readonly personal: Client | null
  readonly clock: Pick<Clock, 'monotonic'>
}

/** Fields are renamed seldom, and what was renamed shows at the next write. Milliseconds. */
const SHAPE_HOLDS = 600_000

export function createBoard({ client, personal, clock }: BoardOptions): Board {
  const doors = createDoors(client, personal)
  const shapes = new Map<string, { readonly shape: Promise<BoardShape>; readonly at: number }>()

  const shape: Board['shape'] = async (at, fresh) => {
    const key = `${at.owner.toLowerCase()}/${at.project}`
    const known = shapes.get(key)
    if (fresh === undefined && known !== undefined && clock.monotonic() - known.at < SHAPE_HOLDS)
      return await known.shape
    const reading = readShape(at)
    shapes.set(key, { shape: reading, at: clock.monotonic() })
    reading.catch(() => shapes.delete(key))
    return await reading
  }

  const readShape = (at: BoardAt): Promise<BoardShape> =>
    doors.through(at, async (door) => {
      const { items } = await pages(door.read(at), addressed(door, at, '/fields'), fields)
      return shapeOf(items)
    })

  /** Whether an option or a field is not there any more that was remembered. */
  async function hasChanged(at: BoardAt): Promise<boolean> {
    const plain = ({ status, ...others }: BoardShape): string =>
      JSON.stringify([status?.id, [...(status?.options ?? [])], others])
    return plain(await shape(at)) !== plain(await shape(at, 'fresh'))
  }

  return {
    shape,

    add: (at, issue, notAfter) =>
      doors.through(at, async (door) => {
        const address = addressed(door, at, '/items')
        const body = { type: 'Issue', id: Number(issue) }
        const octokit = door.write(at, notAfter)
        const { data } = await octokit.request({ method: 'POST', ...address, ...body })
        return checked(data, z.object({ id: z.number() }), address.url).id
      }),

    async card(at, id) {
      const known = await shape(at)
      try {
        return await doors.through(at, async (door) => {
          const address = addressed(door, at, '/items/{item}')
          const asked = { ...address, item: id, fields: idsOf(known) }
          return cardOf(await get(door.read(at), asked, item), known)
        })
      } catch (error) {
        if (isMissing(error)) return null
        throw error
      }
    },

    async cards(at, but) {
      const known = await shape(at)
      return await doors.through(at, async (door) => {
        const address = addressed(door, at, '/items')
        const q = but === null ? {} : { q: `-status:"${but.replaceAll('"', '')}"` }
        const status = known.status === null ? {} : { fields: String(known.status.id) }
        const asked = { ...address, ...q, ...status }
        const found = await pages(door.read(at), asked, z.array(item))
        return {
          cards: found.items.map((row) => cardOf(row, known)),
          requests: found.requests,
          more: found.more,
        }
      })
    },

    async set(at, id, values, notAfter) {
      try {
        await doors.through(at, async (door) => {
          const address = addressed(door, at, '/items/{item}')
          const changes = values.map(({ field, value }) => ({ id: field, value }))
          const octokit = door.write(at, notAfter)
          await octokit.request({ method: 'PATCH', ...address, item: id, fields: changes })
        })
        return true
      } catch (error) {
        if (isMissing(error)) return false
        if (!(error instanceof WorldFault) || error.kind !== 'invalid') throw error
        if (/archived/i.test(error.message)) return false
        throw (await hasChanged(at)) ? outOfDate(error) : error
      }
    },
  }
}

const idsOf = ({ status, attempt, agent, wave, cost }: BoardShape): string =>
  [status, attempt, agent, wave, cost].flatMap((field) => (field === null ? [] : [field.id])).join()

const outOfDate = ({ operation, message }: WorldFault): WorldFault =>
  new WorldFault(`The project was changed since its fields were read. (${message})`, {
    kind: 'conflict',
    applied: 'no',
    operation,
  })
