/**
 * What must be known before somebody's words are obeyed: what they may do now, what the words say, whether they still
 * stand there as they were said (T6), and for what starts work, the issue as it is (T9). No more is asked than that.
 */
import { refusalFor } from '../commands/may-give.ts'
import { mayTriage } from '../domain/actor.ts'
import type { Actor, Permission } from '../domain/actor.ts'
import type { CommandName, CommandReading } from '../domain/command.ts'
import type { IssueNow, Said, Subject, World } from '../domain/decide/decision.ts'
import type { TaskFact } from '../domain/fact.ts'
import { later } from '../domain/ids.ts'
import { holdScope } from '../domain/pause.ts'
import type { Repository } from '../domain/repository.ts'
import type { RepoPolicy } from '../domain/settings.ts'
import { isPassing } from '../ports/fault.ts'
import type { EngineDeps } from './deps.ts'
import type { Heads } from './heads.ts'

type Commanded = Extract<TaskFact, { kind: 'commanded' }>

export interface Words extends Pick<
  World,
  'permission' | 'said' | 'genuine' | 'issue' | 'pause' | 'pull' | 'onto'
> {
  readonly repository: Repository
}

/** Older words are history: GitHub delivers again for three days, and the inbox remembers for longer than this. Milliseconds. */
const HISTORY = 60 * 86_400_000

export interface WordsContext {
  readonly deps: EngineDeps
  readonly heads: Heads
  readonly policyOf: (config: string | null) => RepoPolicy
}

export async function gatherWords(
  subject: Subject,
  fact: Commanded,
  row: Repository,
  { deps, heads, policyOf }: WordsContext,
): Promise<Words> {
  const { store, clock } = deps
  const nothing: Words = {
    repository: row,
    permission: null,
    said: null,
    genuine: null,
    issue: null,
    pause: null,
    pull: null,
    onto: null,
  }
  const { actor, spoken } = fact
  if (actor === null || actor.kind === 'bot') return nothing
  if (spoken.at < later(clock.now(), -HISTORY)) return nothing
  // A store that was lost or restored has forgotten which words it obeyed.
  const forgot = fact.via === 'reconcile' ? await store.about.get('looks-first') : null
  if (forgot !== null && spoken.at < forgot) return nothing

  const permission = await roleOf(row, actor, deps)
  const may = permission !== null && mayTriage(permission)
  // They were told once; nobody reads on for a stranger.
  if (!may && subject.task.forbidden.includes(actor.id)) return nothing
  const repository = row.head === null ? await heads.refresh(row) : row
  const policy = policyOf(repository.config)
  const reading = await deps.commands.read(spoken.text, {
    slug: deps.slug,
    commands: policy.kind === 'ready' ? policy.settings.commands : 'bare',
    place: spoken.on === 'issue' ? 'issue' : 'pull',
  })
  if (reading === null) return { ...nothing, repository, permission }
  const said = saidBy(reading, { subject, actor, permission, policy })
  if (!may) return { ...nothing, repository, permission, said }
  const genuine = await isGenuine(repository, fact, deps)
  const gives = (...kinds: readonly CommandName[]): boolean =>
    said.commands.some(({ command, refusal }) => refusal === null && kinds.includes(command.kind))
  const scope = holdScope(subject.task.repo)
  const pauses = gives('resume') ? await store.admission.pauses() : []
  const pause = pauses.find((one) => one.scope === scope) ?? null
  let known: Words = { ...nothing, repository, permission, said, genuine, pause }
  if (gives('revise', 'update') && genuine === 'same' && subject.task.pull !== null) {
    const { number } = subject.task.pull
    const [fresh, pull] = await Promise.all([
      gives('update') ? heads.refresh(repository) : repository,
      deps.codeHost.pullNow(repository, number),
    ])
    known = { ...known, repository: fresh, pull, onto: fresh.head }
  }
  if (!gives('run', 'retry') || genuine !== 'same') return known
  const [fresh, issue] = await Promise.all([
    row.head === null ? known.repository : heads.refresh(known.repository),
    issueNow(subject, fact, repository, deps),
  ])
  return { ...known, repository: fresh, issue }
}

/** Null: GitHub does not tell, which is no. What passes is waited for; nothing is obeyed meanwhile. */
export async function roleOf(
  repository: Repository,
  actor: Actor | null,
  { tracker }: Pick<EngineDeps, 'tracker'>,
): Promise<Permission | null> {
  if (actor === null) return null
  return await tracker.permission(repository, actor).catch((error: unknown) => {
    if (isPassing(error)) throw error
    return null
  })
}

/** With what stands against each of the commands. */
export function saidBy(
  { commands, refused }: CommandReading,
  by: {
    readonly subject: Subject
    readonly actor: Actor
    readonly permission: Permission | null
    readonly policy: RepoPolicy
  },
): Said {
  const giver = {
    permission: by.permission ?? 'none',
    isRequester: by.subject.task.wish?.by.id === by.actor.id,
    requesterBarred: by.policy.kind === 'ready' && !by.policy.settings.ownApproval,
  }
  return {
    commands: commands.map((one) => ({ ...one, refusal: refusalFor(one.command.kind, giver) })),
    refused,
  }
}

async function isGenuine(
  repository: Repository,
  { spoken, via }: Commanded,
  { tracker }: EngineDeps,
): Promise<World['genuine']> {
  const now = await tracker.commentNow(repository, spoken, via === 'webhook' ? 'told' : 'found')
  if (now === null) return 'gone'
  return now.edited || now.text !== spoken.text ? 'edited' : 'same'
}

/** With a webhook the payload shows the text as it was at that moment; otherwise it is the present one, if it is as old as the command. */
async function issueNow(
  { task }: Subject,
  fact: Commanded,
  repository: Repository,
  { tracker }: EngineDeps,
): Promise<IssueNow | null> {
  const shown = fact.via === 'webhook' ? fact.issue : null
  const [present, edited] = await Promise.all([
    tracker.issue(repository, task.number),
    shown === null ? tracker.lastEdited(repository, task.number) : null,
  ])
  if (present === null || present === 'gone') return null
  const { title, body } = shown ?? present.issue
  return {
    view: { ...present.issue, title, body },
    editedSince: edited !== null && edited >= fact.spoken.at,
  }
}
