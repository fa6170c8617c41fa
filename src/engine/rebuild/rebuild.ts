/**
 * Reads tasks and attempts back from GitHub into an empty store. Nothing is written on GitHub. It can be cut off at any
 * moment and begun again: a repository's row is written after its tasks, and the store refuses to run until it is done.
 */
import { surfacesOf } from '../../domain/decide/decision.ts'
import { freshRepository } from '../../domain/decide/repository.ts'
import { instant } from '../../domain/ids.ts'
import type { Instant } from '../../domain/ids.ts'
import { slug } from '../../domain/repository.ts'
import type { RepoRef, Repository } from '../../domain/repository.ts'
import type { StateKind, Task } from '../../domain/task.ts'
import { createPolicyReader } from '../deps.ts'
import type { EngineDeps } from '../deps.ts'
import { readEvidence, readTraces } from './evidence.ts'
import type { Evidence, Traces } from './evidence.ts'
import { reconstruct } from './reconstruct.ts'

export type RebuildDeps = Pick<
  EngineDeps,
  'store' | 'tracker' | 'codeHost' | 'installations' | 'clock' | 'webUrl'
> & {
  /** No comment of ours is older (when the App was made); null: not known. */
  readonly since: Instant | null
  readonly onProgress: (progress: RebuildProgress) => void
}

export interface RebuildProgress {
  readonly repository: string
  /** Issues looked at, of those where something of ours was found; 0 of 0 while that is being found out. */
  readonly done: number
  readonly of: number
}

export interface RebuiltRepository {
  readonly repository: string
  readonly states: Readonly<Partial<Record<StateKind, number>>>
  /** They go on as soon as Yardmaster runs. */
  readonly continuing: readonly number[]
  /** A person must say that they may go on. */
  readonly held: readonly number[]
  /** They wear the label since before Yardmaster first saw the repository; they are not started. */
  readonly foundLabelled: readonly number[]
  /** Issues that are gone (deleted, moved away): nothing is left to rebuild. */
  readonly gone: readonly number[]
}

/** Throws `StoreInUse` when the store holds anything that an earlier rebuild did not put there. */
export async function rebuild(deps: RebuildDeps): Promise<readonly RebuiltRepository[]> {
  const { store, installations, clock } = deps
  const interrupted = (await store.about.get('rebuilding')) !== null
  if (!interrupted && !(await store.rebuild.isEmpty())) throw new StoreInUse()
  await store.about.set('rebuilding', clock.now())
  const done: RebuiltRepository[] = []
  for (const { id, suspended } of await installations.list()) {
    if (suspended) continue
    for (const repo of await installations.repositories(id))
      if (installations.serves(repo.id)) done.push(await rebuildRepository(repo, deps))
  }
  await store.about.set('looks-first', clock.now())
  await store.about.set('rebuilding', null)
  return done
}

export class StoreInUse extends Error {
  constructor() {
    super('the store is not empty')
    this.name = 'StoreInUse'
  }
}

async function rebuildRepository(repo: RepoRef, deps: RebuildDeps): Promise<RebuiltRepository> {
  const { store, tracker, clock } = deps
  const name = slug(repo)
  deps.onProgress({ repository: name, done: 0, of: 0 })
  const head = await tracker.readHead(repo)
  const trigger = triggerOf(head.config)
  const traces = await readTraces(repo, deps.since, deps)
  const found = await readAll({ repo, trigger, traces }, deps)
  const tasks: Task[] = []
  for (const evidence of found.evidence) {
    const rebuilt = reconstruct(evidence, {
      repo,
      now: clock.now(),
      webUrl: deps.webUrl,
      surfaces: surfacesOf(policyOf(head.config)),
    })
    await store.rebuild.restore(rebuilt)
    tasks.push(rebuilt.task)
  }
  const firstSeen = firstSeenOf(found.evidence, clock.now())
  const known = new Set(tasks.map((task) => task.number))
  const foundLabelled = await labelledBefore({ repo, trigger, firstSeen, known }, deps)
  const row: Repository = {
    ...freshRepository(repo, firstSeen),
    ...head,
    // The next pass looks at everything that changed since the beginning.
    cursor: firstSeen,
    foundLabelled,
  }
  await store.repositories.save(row, [])
  return { ...summary(tasks), repository: name, foundLabelled, gone: found.gone }
}

const policyOf = createPolicyReader()
function triggerOf(config: string | null): string {
  const policy = policyOf(config)
  return policy.kind === 'ready' ? policy.settings.trigger : 'yardmaster'
}

/** Issues per read of GitHub, and how often progress is told. */
const AT_ONCE = 100

async function readAll(
  of: { readonly repo: RepoRef; readonly trigger: string; readonly traces: Traces },
  deps: RebuildDeps,
): Promise<{ readonly evidence: readonly Evidence[]; readonly gone: readonly number[] }> {
  const { repo, traces } = of
  const numbers = [...new Set([...traces.comments.keys(), ...traces.branches.keys()])].toSorted(
    (a, b) => a - b,
  )
  const evidence: Evidence[] = []
  const gone: number[] = []
  for (let from = 0; from < numbers.length; from += AT_ONCE) {
    const part = numbers.slice(from, from + AT_ONCE)
    deps.onProgress({ repository: slug(repo), done: from, of: numbers.length })
    const { issues } = await deps.tracker.observe(repo, { issues: part, pulls: [] })
    for (const number of part) {
      const issue = issues.get(number) ?? null
      if (issue === null) gone.push(number)
      else {
        const read = await readEvidence({ ...of, issue }, deps)
        if (read !== null) evidence.push(read)
      }
    }
  }
  deps.onProgress({ repository: slug(repo), done: numbers.length, of: numbers.length })
  return { evidence, gone }
}

/** As the records say; where there is none, from now on: a label that is older is listed and never started (rule). */
function firstSeenOf(evidence: readonly Evidence[], now: Instant): Instant {
  const said = evidence.flatMap(({ record }) => (record === null ? [] : [record.firstSeen]))
  return said.length === 0 ? now : instant(Math.max(...said))
}

async function labelledBefore(
  of: {
    readonly repo: RepoRef
    readonly trigger: string
    readonly firstSeen: Instant
    readonly known: ReadonlySet<number>
  },
  { tracker }: RebuildDeps,
): Promise<readonly number[]> {
  const before: number[] = []
  for (const issue of await tracker.labelledIssues(of.repo, of.trigger)) {
    if (of.known.has(issue.number)) continue
    const events = await tracker.labelEvents(of.repo, issue.number)
    const set = events.findLast(
      ({ kind, label }) => kind === 'labeled' && label.toLowerCase() === of.trigger.toLowerCase(),
    )
    if (set === undefined || set.at < of.firstSeen) before.push(issue.number)
  }
  return before
}

function summary(
  tasks: readonly Task[],
): Pick<RebuiltRepository, 'states' | 'continuing' | 'held'> {
  const states: Partial<Record<StateKind, number>> = {}
  for (const { state } of tasks) states[state.kind] = (states[state.kind] ?? 0) + 1
  const numbers = (kind: StateKind) =>
    tasks.filter(({ state }) => state.kind === kind).map(({ number }) => number)
  return { states, continuing: numbers('queued'), held: numbers('held') }
}
