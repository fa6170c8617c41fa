/** What people and their CI do to pull requests that are open, and what must be true of it in the end. */
import type { Actor } from '../src/domain/actor.ts'
import { mayWrite } from '../src/domain/actor.ts'
import { instant, repoId } from '../src/domain/ids.ts'
import type { LedgerEntry } from '../src/domain/ledger.ts'
import { reviewKey } from '../src/domain/pull-now.ts'
import type { Task } from '../src/domain/task.ts'
import type { Post } from './deliveries.ts'
import type { SimPull, SimRepo } from './github/hub.ts'
import { CI_FIXES } from './settings.ts'
import type { World } from './world.ts'

export interface PullDeeds {
  review(
    repo: SimRepo,
    pull: SimPull,
    deed: { readonly by: Actor; readonly changes: boolean },
  ): void
  /** CI is red on the present head, and perhaps on whatever follows it. */
  check(repo: SimRepo, pull: SimPull, forGood: boolean): void
  /** The base moves so that it conflicts. */
  conflict(repo: SimRepo, pull: SimPull): void
  /** Somebody helps out. */
  pushTo(repo: SimRepo, pull: SimPull, by: Actor): void
}

export function createPullDeeds(world: World, post: Post): PullDeeds {
  const { hub, tell } = world
  const issueOf = (pull: SimPull) => ({ number: Number(pull.branch.split('/')[1]) })
  const turnsRed = (repo: SimRepo, pull: SimPull): void => {
    pull.red.add(pull.head)
    tell(`CI is red on ${pull.head.slice(-6)} of ${repo.name}#${pull.number}`)
    post.send({ repo, issue: issueOf(pull), fact: { kind: 'checks-changed', via: 'webhook' } })
  }
  // CI takes its time.
  world.onPushed.push((repo, pull) => {
    if (pull.cursed) world.scheduler.after(20_000, () => turnsRed(repo, pull))
  })
  return {
    review(repo, pull, { by, changes }) {
      if (!pull.open) return
      const id = hub.nextId()
      const at = instant(Math.floor(hub.now() / 1000) * 1000)
      const key = reviewKey(repoId(repo.id), id)
      const text = `Say it otherwise (${id}).`
      const { head } = pull
      pull.reviews.push({ id, by, changes, head, at, text, comment: hub.nextId(), key })
      tell(
        `${by.login} ${changes ? 'asks for changes of' : 'comments on'} ${repo.name}#${pull.number}`,
      )
      const says = changes ? 'changes' : 'commented'
      const seen = { pull: pull.number, review: id, says, head, actor: by, at } as const
      post.send({
        repo,
        issue: issueOf(pull),
        key,
        fact: { kind: 'review-submitted', ...seen, via: 'webhook' },
      })
    },
    check(repo, pull, forGood) {
      if (!pull.open) return
      pull.cursed = forGood
      turnsRed(repo, pull)
    },
    conflict(repo, pull) {
      if (!pull.open) return
      pull.conflict = true
      repo.head = hub.nextSha()
      tell(`${repo.name} moves to ${repo.head.slice(-6)}, and #${pull.number} conflicts`)
      post.send({ repo, issue: null, fact: { kind: 'branch-moved', head: repo.head } })
    },
    pushTo(repo, pull, by) {
      if (!pull.open || !repo.branches.has(pull.branch)) return
      pull.head = hub.nextSha()
      repo.branches.set(pull.branch, pull.head)
      tell(`${by.login} pushes ${pull.head.slice(-6)} to ${repo.name}#${pull.number}`)
      const fact = { kind: 'pull-pushed', pull: pull.number, head: pull.head, actor: by } as const
      post.send({ repo, issue: issueOf(pull), fact: { ...fact, via: 'webhook' } })
    },
  }
}

/** Each wish begins anew. */
function sinceWish(entries: readonly LedgerEntry[]): readonly LedgerEntry[] {
  const wish = entries.findLastIndex(({ event }) => event === 'task.queued')
  return entries.slice(wish + 1)
}

/** No sign of a machine begins two attempts at one head, or more than it may, and none is passed over (design §4). */
export function judgeRevisions(
  { roleSince, database }: World,
  { repo, task }: { readonly repo: SimRepo; readonly task: Task | null },
  wrong: (what: string) => void,
): void {
  if (task === null) return
  const entries = sinceWish(database.ledger.get(task.id) ?? [])
  const begun = entries.filter(({ event, by }) => event === 'revision.begun' && by === null)
  const pairs = begun.map(({ data }) => `${String(data['reason'])} at ${String(data['head'])}`)
  for (const pair of new Set(pairs))
    if (pairs.filter((one) => one === pair).length > 1) wrong(`revised twice for ${pair}`)
  const fixes = pairs.filter((pair) => pair.startsWith('checks')).length
  if (fixes > CI_FIXES)
    wrong(`${fixes} attempts at mending red checks, and ${CI_FIXES} are allowed`)
  if (task.state.kind !== 'in-review' || task.hold !== null) return
  const pull = repo.pulls.get(task.state.pull.number)
  if (pull === undefined || !pull.open) return
  if (task.pull?.head !== pull.head) wrong(`#${pull.number} is at ${pull.head}, and nobody noticed`)
  const tried = (reason: 'checks' | 'base'): boolean =>
    task.revised.some((one) => one.head === pull.head && one.reason === reason)
  if (pull.red.has(pull.head) && task.pushed === pull.head && !tried('checks'))
    wrong(`#${pull.number} is red at ${pull.head}, and nothing came of it`)
  if (pull.conflict && !tried('base')) wrong(`#${pull.number} conflicts, and nothing came of it`)
  for (const { by, changes, at, key } of pull.reviews.slice(-10)) {
    const since = roleSince.get(`${repo.id} ${by.id}`) ?? -Infinity
    if (!changes || !mayWrite(repo.roles.get(by.id) ?? 'none') || since + 61_000 >= at) continue
    const heard = entries.some(
      ({ event, by: login }) => event.startsWith('revision.') && login === by.login,
    )
    const asked = entries.some(({ event }) => event === 'question.asked')
    if (!heard && !asked && task.wish !== null && task.wish.at < at)
      wrong(`@${by.login} asked for changes (${key}), and nothing came of it`)
  }
}
