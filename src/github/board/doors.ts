/**
 * Where a board is found. Organisations' are open to the App; those of people to nobody but a classic token of
 * somebody who may, which is used for nothing else. Which of the two an owner is, GitHub tells by answering.
 */
import type { Octokit } from '@octokit/rest'
import type { Deadline } from '../../domain/deadline.ts'
import { installationId } from '../../domain/ids.ts'
import type { BoardAt } from '../../ports/board.ts'
import { WorldFault } from '../../ports/fault.ts'
import type { Lane } from '../../ports/tracker.ts'
import type { Client } from '../client.ts'

/** Under which what a person's token spends is kept apart: no installation has the number 0. */
export const PERSONAL = installationId(0)

export interface Door {
  /** How addresses of the owner's projects begin. */
  readonly root: '/orgs/{owner}' | '/users/{owner}'
  read(at: BoardAt): Octokit
  write(at: BoardAt, notAfter: Deadline, lane?: Lane): Octokit
}

export interface Doors {
  /** Goes through the right one; throws what it threw. */
  through<T>(at: Pick<BoardAt, 'owner' | 'project'>, use: (door: Door) => Promise<T>): Promise<T>
}

/** `personal`: what carries a person's token; null: none was given. */
export function createDoors(client: Client, personal: Client | null): Doors {
  const ofOrganisations: Door = {
    root: '/orgs/{owner}',
    read: ({ repo }) => client.within(repo.installation, 'boards'),
    write: ({ repo }, notAfter, lane = 'projection') =>
      client.write(repo, 'board', { lane, notAfter }),
  }
  const ofPeople: Door | null =
    personal === null
      ? null
      : {
          root: '/users/{owner}',
          read: () => personal.within(PERSONAL, 'boards'),
          write: ({ repo }, notAfter, lane = 'projection') =>
            personal.write({ ...repo, installation: PERSONAL }, 'board', { lane, notAfter }),
        }
  /** Owners whose boards were found behind the second door. */
  const people = new Set<string>()

  return {
    async through(at, use) {
      const owner = at.owner.toLowerCase()
      if (ofPeople !== null && people.has(owner)) return await use(ofPeople)
      try {
        return await use(ofOrganisations)
      } catch (error) {
        if (ofPeople === null || !isShut(error)) throw error
        const found = await use(ofPeople)
        people.add(owner)
        return found
      }
    },
  }
}

/** The permission for projects is an organisation's to grant, and an account of a person has no organisation's projects. */
const isShut = (error: unknown): boolean =>
  error instanceof WorldFault && (error.kind === 'not-found' || error.kind === 'forbidden')
