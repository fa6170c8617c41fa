/** Trusted git, played: pushes with lease to the simulated GitHub, over the same network as everything else. */
import { WorldFault } from '../src/ports/fault.ts'
import type { Git, PushOutcome } from '../src/ports/git.ts'
import type { Sha, TaskId } from '../src/domain/ids.ts'
import type { SimProcess } from './process.ts'
import type { World } from './world.ts'

/** How long an answer about somebody's permission may be remembered, and how long a request may be under way. Milliseconds. */
const REMEMBERED = 60_000 + 1_000

export function playGit(world: World, process: SimProcess): Git {
  const never = (): never => {
    throw new Error('the simulation has no such call of git')
  }
  return {
    fetch: never,
    makePair: never,
    importBundle: never,
    async merge(_repo, task, { head, onto }) {
      const key = `${head} ${onto}`
      const commit = world.merges.get(key) ?? world.hub.nextSha()
      world.merges.set(key, commit)
      world.work.set(commit, task)
      return { commit, conflicts: commit.charCodeAt(39) % 2 === 0 ? [] : ['README.md'] }
    },
    conflictMarkers: async () => [],
    changes: async (_task, { head }) => world.changed.get(head) ?? [],
    outgoing: async (_task, { head }) => ({ text: isLeaky(head) ? LEAK : '', cut: false }),
    diff: async () => ({ text: '-before\n+after\n', cut: false }),
    approved: async () => [],
    fileAt: async () => null,
    // What one machine has collected every other finds in the store.
    holds: async (_task, head) => world.work.has(head),
    restore: never,
    async push(repo, task, { branch, head, expected }) {
      const owner = world.work.get(head)
      if (owner !== task) world.violations.push(`${head} of ${owner} was pushed for ${task}`)
      const known = world.hub.repos.get(repo.id)
      if (known === undefined) throw gone()
      const push = (): PushOutcome => {
        if (!/^yardmaster\/\d+$/.test(branch)) world.violations.push(`a push to ${branch}`)
        const found = known.branches.get(branch) ?? null
        if (found === head) return { kind: 'already-there' }
        if (found !== expected) return { kind: 'moved', found }
        watchAuthority(world, task)
        watchGate(world, { repo: repo.id, task }, head)
        known.branches.set(branch, head)
        for (const pull of known.pulls.values())
          if (pull.branch === branch && pull.open) {
            pull.head = head
            pull.conflict = false
            for (const hear of world.onPushed) hear(known, pull)
          }
        world.tell(`${process.name}: pushed ${head.slice(-6)} to ${branch}`)
        return { kind: 'pushed' }
      }
      const reply = await world.network.exchange(process, {
        effect: 'read',
        limits: null,
        obey: () => ({ data: push() }),
      })
      if (reply.kind === 'replied') return reply.answer.data as PushOutcome
      throw new WorldFault('git could not reach GitHub', {
        kind: 'transient',
        applied: 'unknown',
        operation: 'push',
      })
    },
    async remoteHead(repo, branch) {
      return world.hub.repos.get(repo.id)?.branches.get(branch) ?? null
    },
  }
}

/** Nothing is published for somebody whose rights ended before we last had to ask (I7). */
export function watchAuthority(world: World, id: string): void {
  const task = [...world.database.tasks.values()].find((each) => each.id === id)
  const by = task?.wish?.by
  if (task === undefined || by === undefined) {
    world.violations.push(`something was published for ${id}, which nobody asked for`)
    return
  }
  const since = world.revoked.get(`${task.repo} ${by.id}`)
  if (since !== undefined && world.scheduler.time() - since > REMEMBERED)
    world.violations.push(
      `something was published for @${by.login}, who has had no write access to ${task.repo} since ${since}`,
    )
}

/** One in eight holds something with the shape of a token. */
const isLeaky = (head: Sha): boolean => head.charCodeAt(39) % 8 === 0

const LEAK = [
  `commit ${'0'.repeat(40)}`,
  'diff --git a/README.md b/README.md',
  '+++ b/README.md',
  '@@ -0,0 +1 @@',
  `+${['ghp', 'q7Zt3mWc9Rk2VhXb6LsYd8NfGj4PaTe1UoHi'].join('_')}`,
].join('\n')

/** What touches a protected path, or looks like a secret, goes out only under somebody's yes to exactly that commit (T34). */
function watchGate(
  world: World,
  { repo, task }: { readonly repo: number; readonly task: TaskId },
  head: Sha,
): void {
  const paths = (world.changed.get(head) ?? []).map(({ path }) => path)
  const guarded = paths.filter((path) => path !== 'README.md')
  if (guarded.length === 0 && !isLeaky(head)) return
  const asked = isLeaky(head) ? leakAsked(world, task, head) : -Infinity
  const yes = world.approvals.filter(
    (said) => said.repo === repo && said.head === head && said.at >= asked,
  )
  const valid = yes.filter(({ by }) => {
    const since = world.revoked.get(`${repo} ${by}`)
    return (
      world.writers.has(`${repo} ${by}`) &&
      (since === undefined || world.scheduler.time() - since <= REMEMBERED)
    )
  })
  if (valid.length === 0)
    world.violations.push(
      `${head} ${isLeaky(head) ? 'holds a token' : `changes ${guarded.join(', ')}`} and was pushed, and nobody who may has approved that commit`,
    )
}

/** When it was asked whether that is a secret, by a second that GitHub tells; a yes from before it is one to something else. */
function leakAsked({ database, weather }: World, task: TaskId, head: Sha): number {
  if (weather.jumped === true) return -Infinity
  const shut = database.ledger
    .get(task)
    ?.findLast(
      ({ event, data }) => event === 'gate.shut' && data['head'] === head && 'leaks' in data,
    )
  return shut === undefined ? Infinity : Math.floor(shut.at / 1_000) * 1_000
}

const gone = (): WorldFault =>
  new WorldFault('there is no such repository', {
    kind: 'not-found',
    applied: 'no',
    operation: 'push',
  })
