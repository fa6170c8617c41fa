/** The one project board of a simulated organisation: what its requests answer, and who moved which card. */
import type { Actor } from '../../src/domain/actor.ts'
import { COLUMN_NAMES } from '../../src/domain/board.ts'
import { stamp } from './hub.ts'
import type { Hub, SimIssue, SimRepo } from './hub.ts'
import { Refusal } from './refusal.ts'
import type { Answer, Params, Route } from './routes.ts'

export const PROJECT = 1

export interface SimCard {
  readonly id: number
  readonly repo: SimRepo
  readonly issue: SimIssue
  column: string | null
  readonly values: Map<number, unknown>
  updatedAt: number
}

export interface SimMove {
  readonly card: SimCard
  readonly by: Actor
  readonly to: string | null
  readonly at: number
}

export interface SimBoard {
  readonly cards: Map<number, SimCard>
  readonly moves: SimMove[]
}

const STATUS = 1
const COLUMNS = Object.values(COLUMN_NAMES).map((name) => ({ id: `o-${name}`, name }))
const FIELDS = [
  { id: STATUS, name: 'Status', data_type: 'single_select', options: COLUMNS.map(optionOf) },
  { id: 2, name: 'Attempt', data_type: 'number' },
  { id: 3, name: 'Agent', data_type: 'text' },
  { id: 4, name: 'Cost', data_type: 'number' },
]

function optionOf({ id, name }: { readonly id: string; readonly name: string }) {
  return { id, name: { raw: name } }
}

export function cardFor(hub: Hub, repo: SimRepo, issue: SimIssue): SimCard {
  const { cards } = hub.board
  for (const card of cards.values()) if (card.issue === issue) return card
  const card: SimCard = {
    id: hub.nextId(),
    repo,
    issue,
    column: null,
    values: new Map(),
    updatedAt: hub.now(),
  }
  cards.set(card.id, card)
  return card
}

/** By method and what follows the project's number in the address. */
export function boardRoute(method: string, url: string): Route | null {
  const rest = /\/projectsV2\/\{project\}(.*)$/.exec(url)?.[1]
  return rest === undefined ? null : (BOARD_ROUTES[`${method} ${rest}`] ?? null)
}

const BOARD_ROUTES: Readonly<Record<string, Route>> = {
  'GET /fields': {
    operation: 'GET /projectsV2/{n}/fields',
    effect: 'read',
    answer: () => ({ data: FIELDS }),
  },
  'GET /items': {
    operation: 'GET /projectsV2/{n}/items',
    effect: 'read',
    answer: (hub, params) => {
      const { q } = params
      const but = typeof q === 'string' ? /^-status:"(.*)"$/.exec(q)?.[1] : undefined
      const shown = [...hub.board.cards.values()].filter(
        ({ column, issue }) => !issue.gone && (but === undefined || column !== but),
      )
      return { data: shown.map(restCard) }
    },
  },
  'POST /items': {
    operation: 'POST /projectsV2/{n}/items',
    effect: 'create',
    answer: (hub, params) => {
      for (const repo of hub.repos.values())
        for (const issue of repo.issues.values())
          if (issue.id === params['id'] && !issue.gone)
            return { data: { id: cardFor(hub, repo, issue).id } }
      throw new Refusal(404, 'Not Found')
    },
  },
  'GET /items/{item}': {
    operation: 'GET /projectsV2/{n}/items/{id}',
    effect: 'read',
    answer: (hub, params) => ({ data: restCard(lying(hub, params)) }),
  },
  'PATCH /items/{item}': {
    operation: 'PATCH /projectsV2/{n}/items/{id}',
    effect: 'edit',
    answer: (hub, params): Answer => {
      const card = lying(hub, params)
      const changes = params['fields'] as readonly {
        readonly id: number
        readonly value: unknown
      }[]
      for (const { id, value } of changes) {
        if (id !== STATUS) card.values.set(id, value)
        else card.column = COLUMNS.find((one) => one.id === value)?.name ?? null
      }
      card.updatedAt = hub.now()
      return { data: restCard(card) }
    },
  },
}

function lying(hub: Hub, params: Params): SimCard {
  const card = hub.board.cards.get(Number(params['item']))
  if (card === undefined || card.issue.gone) throw new Refusal(404, 'Not Found')
  return card
}

const restCard = ({ id, repo, issue, column, values, updatedAt }: SimCard) => ({
  id,
  updated_at: stamp(updatedAt),
  archived_at: null,
  content_type: 'Issue',
  content: {
    id: issue.id,
    number: issue.number,
    repository_url: `https://github.test/repos/${repo.owner}/${repo.name}`,
  },
  fields: [
    {
      id: STATUS,
      data_type: 'single_select',
      value: column === null ? null : { name: { raw: column } },
    },
    ...[...values].map(([field, value]) => ({ id: field, data_type: 'text', value })),
  ],
})
