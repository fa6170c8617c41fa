/** What people say on a simulated GitHub, and what must be true of everything that is obeyed. */
import { screen } from '../src/commands/screen.ts'
import type { Actor } from '../src/domain/actor.ts'
import type { IssueView } from '../src/domain/fact.ts'
import { instant, repoId } from '../src/domain/ids.ts'
import type { LedgerEntry } from '../src/domain/ledger.ts'
import { spokenKey } from '../src/domain/spoken.ts'
import type { Spoken } from '../src/domain/spoken.ts'
import type { TaskCommit } from '../src/ports/store.ts'
import type { Post } from './deliveries.ts'
import { changeIssue } from './github/hub.ts'
import type { SimComment, SimIssue, SimRepo } from './github/hub.ts'
import type { World } from './world.ts'

const TEXTS = [
  '/run',
  '/run',
  '/retry',
  '/retry',
  '/cancel',
  '/hold',
  '/hold not yet\n/priority high',
  '/unhold',
  '/unhold',
  '/pause',
  '/pause now',
  '/resume',
  '/resume',
  '/status',
  '/help',
  '/runn',
  'I wonder.',
]

export interface Saying {
  readonly by: Actor
  readonly text: string
}

export const textOf = (n: number): string => TEXTS[n % TEXTS.length] ?? ''
/** With the force of a label. */
export const wishes = (text: string | undefined): boolean => text === '/run' || text === '/retry'
const mayCommand = (text: string): boolean =>
  screen(text, { slug: 'yardmaster', commands: 'bare' }).kind !== 'nothing'

export function say(
  { hub, tell }: World,
  post: Post,
  at: { readonly repo: SimRepo; readonly issue: SimIssue; readonly view: IssueView },
  { by, text }: Saying,
): string | null {
  const { repo, issue, view } = at
  if (issue.gone) return null
  const now = hub.now()
  const comment: SimComment = {
    id: hub.nextId(),
    by,
    ours: false,
    body: text,
    createdAt: now,
    updatedAt: now,
    visibleAt: now + hub.lag(),
    said: text,
    reactions: new Set(),
  }
  issue.comments.push(comment)
  changeIssue(hub, issue, () => {})
  tell(`${by.login} says ${JSON.stringify(text)} on ${repo.name}#${issue.number} (${comment.id})`)
  const spoken: Spoken = {
    id: comment.id,
    on: 'issue',
    number: issue.number,
    text,
    at: instant(Math.floor(now / 1_000) * 1_000),
  }
  const key = spokenKey(repoId(repo.id), spoken)
  if (by.kind === 'bot') return key
  if (mayCommand(text))
    post.send({
      repo,
      issue,
      key,
      fact: { kind: 'commanded', spoken, actor: by, issue: view, via: 'webhook' },
    })
  else
    post.send({
      repo,
      issue: { number: issue.number },
      key,
      fact: { kind: 'replied', spoken, actor: by, via: 'webhook' },
    })
  return key
}

/** The newest words of a person: whoever may write may edit what others said. */
export function reword({ hub, tell }: World, issue: SimIssue, { by, text }: Saying): void {
  const comment = issue.comments.findLast(({ said }) => said !== undefined)
  if (comment === undefined || issue.gone) return
  comment.body = text
  comment.updatedAt = hub.now()
  comment.rewordedAt ??= hub.now()
  tell(`${by.login} edits the comment ${comment.id} to say ${JSON.stringify(comment.body)}`)
}

/** Between the look at a comment and the commit a process may stand still for as long as this. Milliseconds. */
const BETWEEN = 240_000
/** What is known of somebody's rights may be this old besides. Milliseconds. */
const CACHED = 61_000
const NOT_OBEYED = new Set([
  'command.refused',
  'command.overtaken',
  'command.edited',
  'command.forbidden',
  'command.gone',
  'command.misread',
  'question.hinted',
])

/** Of several apps one may have looked before the edit, and another after it. */
const sawEdited = ({ rewordedAt, lookedAt }: SimComment): boolean =>
  rewordedAt !== undefined && (lookedAt === undefined || rewordedAt < lookedAt)

/** Nothing is obeyed that nobody with authority says, or that does not stand there any more (T6, I7). */
export function watchWords(world: World, commit: TaskCommit): readonly string[] {
  const { settings, writers, revoked, scheduler } = world
  return obeyed(commit.ledger).flatMap(({ id, entry }): readonly string[] => {
    const found = findComment(world, id)
    if (found === null) return [`${entry.event}: nobody has said the comment ${id}`]
    const { repo, comment } = found
    const who = `${repo.id} ${comment.by.id}`
    const wrong: string[] = []
    const what = `${entry.event} (${entry.why})`
    if (settings.apps === 1 && sawEdited(comment))
      wrong.push(`${what} obeys the comment ${id}, which was seen to be edited`)
    if (comment.said === undefined || !mayCommand(comment.said))
      wrong.push(`${what} obeys the comment ${id}, which never said so when it was new`)
    const light =
      repo.roles.get(comment.by.id) === 'triage' && /command\.(status|help)/.test(entry.event)
    if (!light && comment.by.id !== 3 && !writers.has(who))
      wrong.push(`${what} obeys @${comment.by.login}, who may not write`)
    const since = revoked.get(who)
    if (
      !light &&
      since !== undefined &&
      since < scheduler.time() - BETWEEN - CACHED &&
      comment.by.id !== 3
    )
      wrong.push(`${what} obeys @${comment.by.login}, who may not write any more`)
    return wrong
  })
}

export function judgeWords(
  world: World,
  repo: SimRepo,
  issue: SimIssue,
  ledger: readonly LedgerEntry[],
): readonly string[] {
  const { database, hub, roleSince } = world
  const wrong: string[] = []
  const lines = ledger.flatMap(({ data }) =>
    'line' in data ? [JSON.stringify([data['comment'], data['line']])] : [],
  )
  if (new Set(lines).size < lines.length)
    wrong.push(`commands were carried out twice: ${lines.join()}`)
  const heard = new Set(ledger.map(({ data }) => data['comment']))
  const seen = database.repositories.get(repoId(repo.id))?.firstSeen ?? Infinity
  for (const comment of issue.comments) {
    const { by, said, createdAt } = comment
    if (said === undefined) continue
    const role = repo.roles.get(by.id) ?? 'none'
    const may = by.kind === 'person' && (role === 'admin' || role === 'write')
    if (
      comment.reactions.size > 0 &&
      !may &&
      !roleSince.has(`${repo.id} ${by.id}`) &&
      role !== 'triage'
    )
      wrong.push(
        `@${by.login} may say nothing here, and the comment ${comment.id} wears ${[...comment.reactions].join()}`,
      )
    const since = roleSince.get(`${repo.id} ${by.id}`) ?? -Infinity
    const steady = since + CACHED < createdAt
    // What was said in the very last moment nobody can have heard.
    const told =
      comment.rewordedAt === undefined &&
      mayCommand(said) &&
      createdAt > seen &&
      createdAt < hub.now() - 5_000
    if (may && steady && told && !issue.gone && !heard.has(comment.id))
      wrong.push(`@${by.login} said ${JSON.stringify(said)} (${comment.id}), and nobody heard it`)
  }
  return wrong
}

const obeyed = (entries: readonly LedgerEntry[]) =>
  entries.flatMap((entry) => {
    const id = entry.data['comment']
    return typeof id === 'number' && !NOT_OBEYED.has(entry.event) ? [{ id, entry }] : []
  })

function findComment(
  { hub }: World,
  id: number,
): { readonly repo: SimRepo; readonly comment: SimComment } | null {
  for (const repo of hub.repos.values())
    for (const { comments } of repo.issues.values())
      for (const comment of comments) if (comment.id === id) return { repo, comment }
  return null
}
