// Reactions over GraphQL, which spells the two thumbs out.
import type { Fields } from '../http/fields.ts'
import { type Reaction, type ReactionContent, REACTIONS } from '../world/issue.ts'
import { connection, type Connection } from './connection.ts'
import { refuse } from './context.ts'
import type { Table } from './resolver.ts'

const THUMBS: Readonly<Record<string, ReactionContent>> = { THUMBS_UP: '+1', THUMBS_DOWN: '-1' }

export function reactionsOf(all: readonly Reaction[], args: Fields): Connection {
  const name = args.maybe('content')
  const wanted = name === null ? null : contentNamed(name)
  return connection(
    'reactions',
    all.filter(({ content }) => wanted === null || content === wanted),
    args,
  )
}

export function contentNamed(name: string): ReactionContent {
  const content = THUMBS[name] ?? REACTIONS.find((one) => one.toUpperCase() === name)
  if (content === undefined) throw refuse('UNPROCESSABLE', `${name} is no reaction`)
  return content
}

export const reactionFields = {
  id: (reaction) => reaction.nodeId,
  databaseId: (reaction) => reaction.id,
  content: (reaction) =>
    Object.entries(THUMBS).find(([, content]) => content === reaction.content)?.[0] ??
    reaction.content.toUpperCase(),
  createdAt: (reaction) => reaction.createdAt,
  user: (reaction) => reaction.user,
} satisfies Table<Reaction>
