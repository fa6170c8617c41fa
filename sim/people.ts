/** What people do on a simulated GitHub. Each deed changes the hub and is told by a webhook. */
import type { Actor, Permission } from '../src/domain/actor.ts'
import type { IssueView } from '../src/domain/fact.ts'
import { instant, issueId } from '../src/domain/ids.ts'
import { moveCard } from './cards.ts'
import { changeIssue } from './github/hub.ts'
import type { SimCheck, SimIssue, SimPull, SimRepo } from './github/hub.ts'
import { createPullDeeds } from './pulls.ts'
import type { PullDeeds } from './pulls.ts'
import type { Post } from './deliveries.ts'
import { reword, say } from './words.ts'
import type { Saying } from './words.ts'
import type { World } from './world.ts'

export const person = (id: number): Actor => ({ id, login: `person-${id}`, kind: 'person' })
const mayWrite = (role: Permission | undefined): boolean =>
  role === 'write' || role === 'maintain' || role === 'admin'

export const pressOf = (repo: number, login: string, head: string): string =>
  `${repo} ${login} ${head}`

export interface Deeds extends PullDeeds {
  label(repo: SimRepo, issue: SimIssue, deed: { readonly by: Actor; readonly label: string }): void
  unlabel(repo: SimRepo, issue: SimIssue, by: Actor): void
  edit(repo: SimRepo, issue: SimIssue, by: Actor): void
  close(repo: SimRepo, issue: SimIssue, by: Actor): void
  reopen(repo: SimRepo, issue: SimIssue, by: Actor): void
  /** `to`: which of the columns, by remainder. */
  moveCard(repo: SimRepo, issue: SimIssue, deed: { readonly by: Actor; readonly to: number }): void
  moveAway(repo: SimRepo, issue: SimIssue, by: Actor): void
  endPull(
    repo: SimRepo,
    pull: SimPull,
    deed: { readonly by: Actor; readonly merged: boolean },
  ): void
  reopenPull(repo: SimRepo, pull: SimPull, by: Actor): void
  setRole(repo: SimRepo, who: number, role: Permission): void
  pushMain(repo: SimRepo, config: string): void
  pushBranch(repo: SimRepo, branch: string): void
  deleteBranch(repo: SimRepo, branch: string): void
  say(repo: SimRepo, issue: SimIssue, saying: Saying): void
  /** The button of a check run of ours, perhaps of an older commit. */
  press(repo: SimRepo, check: SimCheck, by: Actor): void
  reword(repo: SimRepo, issue: SimIssue, saying: Saying): void
  /** A stranger writes what the App wrote, marker and all, on every issue of the repository. */
  forge(repo: SimRepo, by: Actor): void
}

/** Ours carry `yard:`; what people set starts work or does not. */
const isTrigger = (label: string): boolean => label.startsWith('yardmaster')

export function createDeeds(world: World, post: Post): Deeds {
  const { hub, tell } = world
  const at = () => instant(Math.floor(hub.now() / 1000) * 1000)
  const view = (issue: SimIssue): IssueView => ({
    id: issueId(issue.id),
    number: issue.number,
    title: issue.title,
    body: issue.body,
    open: issue.open,
    labels: [...issue.labels],
  })
  const removed = (repo: SimRepo, issue: SimIssue, deed: { by: Actor; label: string }): void => {
    const { by, label } = deed
    changeIssue(hub, issue, () => issue.labels.delete(label))
    issue.events.push({ kind: 'unlabeled', label, by, at: hub.now() })
    tell(`${by.login} takes ${label} off ${repo.name}#${issue.number}`)
    const fact = {
      kind: 'label-removed',
      label,
      actor: by,
      issue: view(issue),
      at: at(),
      via: 'webhook',
    } as const
    post.send({ repo, issue, fact })
  }

  return {
    ...createPullDeeds(world, post),
    label(repo, issue, { by, label }) {
      if (issue.gone || issue.labels.has(label)) return
      changeIssue(hub, issue, () => issue.labels.add(label))
      issue.events.push({ kind: 'labeled', label, by, at: hub.now() })
      tell(`${by.login} sets ${label} on ${repo.name}#${issue.number}`)
      const seen = { issue: view(issue), at: at(), via: 'webhook', editedSince: false } as const
      post.send({ repo, issue, fact: { kind: 'label-added', label, actor: by, ...seen } })
    },
    unlabel(repo, issue, by) {
      for (const label of issue.labels) if (isTrigger(label)) removed(repo, issue, { by, label })
    },
    edit(repo, issue, by) {
      if (issue.gone) return
      changeIssue(hub, issue, () => {
        issue.body = `Say hello, edited ${hub.nextId()}.`
        issue.editedAt = hub.now()
        issue.texts.push({ since: hub.now(), body: issue.body })
      })
      tell(`${by.login} edits ${repo.name}#${issue.number}`)
      post.send({ repo, issue, fact: { kind: 'issue-edited', actor: by, issue: view(issue) } })
    },
    say(repo, issue, { by, text }) {
      const now = hub.now()
      const key = say(world, post, { repo, issue, view: view(issue) }, { by, text })
      if (key === null) return
      const head = /^\/approve (\w+)$/.exec(text)?.[1]
      if (head !== undefined) world.approvals.push({ repo: repo.id, by: by.id, head, at: now, key })
      const n = /^\/answer Q(\d+) [12]$/.exec(text)?.[1]
      if (n === undefined) return
      world.answers.push({ repo: repo.id, issue: issue.id, by: by.id, n: Number(n), at: now, key })
    },
    reword: (_repo, issue, saying) => reword(world, issue, saying),
    close(repo, issue, by) {
      if (issue.gone || !issue.open) return
      changeIssue(hub, issue, () => (issue.open = false))
      tell(`${by.login} closes ${repo.name}#${issue.number}`)
      const seen = { issue: view(issue), at: at(), via: 'webhook' } as const
      post.send({ repo, issue, fact: { kind: 'issue-closed', actor: by, ...seen } })
    },
    reopen(repo, issue, by) {
      if (issue.gone || issue.open) return
      changeIssue(hub, issue, () => (issue.open = true))
      tell(`${by.login} reopens ${repo.name}#${issue.number}`)
      post.send({ repo, issue, fact: { kind: 'issue-reopened', actor: by, issue: view(issue) } })
    },
    moveCard: (repo, issue, deed) => moveCard(world, post, { repo, issue }, deed),
    moveAway(repo, issue, by) {
      if (issue.gone) return
      changeIssue(hub, issue, () => (issue.gone = true))
      tell(`${by.login} moves ${repo.name}#${issue.number} away`)
      post.send({ repo, issue, fact: { kind: 'issue-gone', how: 'transferred', actor: by } })
    },
    endPull(repo, pull, { by, merged }) {
      if (!pull.open) return
      pull.open = false
      pull.merged = merged
      pull.mergedBy = merged ? by : null
      tell(`${by.login} ${merged ? 'merges' : 'closes'} ${repo.name}#${pull.number}`)
      const number = Number(pull.branch.split('/')[1])
      const fact = {
        kind: 'pull-closed',
        number: pull.number,
        merged,
        actor: by,
        via: 'webhook',
      } as const
      post.send({ repo, issue: { number }, fact })
      // "Closes #n" in the body closes the issue with the merge.
      const issue = repo.issues.get(number)
      if (merged && issue !== undefined) this.close(repo, issue, by)
    },
    reopenPull(repo, pull, by) {
      const again = [...repo.pulls.values()].some((one) => one.open && one.branch === pull.branch)
      if (pull.open || pull.merged || again || !repo.branches.has(pull.branch)) return
      pull.open = true
      tell(`${by.login} reopens ${repo.name}#${pull.number}`)
      const number = Number(pull.branch.split('/')[1])
      post.send({
        repo,
        issue: { number },
        fact: { kind: 'pull-reopened', number: pull.number, actor: by },
      })
    },
    setRole(repo, who, role) {
      const before = repo.roles.get(who)
      repo.roles.set(who, role)
      tell(`${person(who).login} is ${role} of ${repo.name}`)
      const key = `${repo.id} ${who}`
      world.roleSince.set(key, hub.now())
      if (mayWrite(role)) world.writers.add(key)
      if (mayWrite(role)) world.revoked.delete(key)
      else if (mayWrite(before) || before === undefined)
        world.revoked.set(key, world.scheduler.time())
    },
    pushMain(repo, config) {
      repo.head = hub.nextSha()
      repo.config = config
      tell(`${repo.name} moves to ${repo.head.slice(-6)}`)
      post.send({ repo, issue: null, fact: { kind: 'branch-moved', head: repo.head } })
    },
    pushBranch(repo, branch) {
      repo.branches.set(branch, hub.nextSha())
      tell(`somebody pushes to ${branch} of ${repo.name}`)
      for (const pull of repo.pulls.values())
        if (pull.branch === branch && pull.open) pull.head = repo.branches.get(branch) ?? pull.head
    },
    press(repo, check, by) {
      const [, issue, head] = /-(\d+):([0-9a-f]{40})$/.exec(check.externalId) ?? []
      if (issue === undefined || head === undefined) return
      tell(`${by.login} presses Reviewed on ${head.slice(-6)} of ${repo.name}`)
      world.pressed.add(pressOf(repo.id, by.login, head))
      post.send({
        repo,
        issue: { id: Number(issue) },
        fact: {
          kind: 'ordered',
          command: { kind: 'reviewed' },
          route: 'button',
          actor: by,
          head: check.head,
        },
      })
    },
    forge(repo, by) {
      const issues = [...repo.issues.values()]
      const bodies = issues.flatMap(({ comments }) =>
        comments.filter(({ ours }) => ours).map(({ body }) => body),
      )
      const at = hub.now()
      for (const issue of issues)
        for (const body of bodies.slice(0, 2))
          issue.comments.unshift({
            id: 1 + issue.comments.length + issue.number * 100,
            by,
            ours: false,
            body,
            createdAt: at,
            updatedAt: at,
            visibleAt: at,
            reactions: new Set(),
          })
      tell(`${by.login} copies our comments in ${repo.name}`)
    },
    deleteBranch(repo, branch) {
      if (!repo.branches.delete(branch)) return
      tell(`somebody deletes ${branch} of ${repo.name}`)
      for (const pull of repo.pulls.values())
        if (pull.branch === branch && pull.open)
          this.endPull(repo, pull, { by: person(1), merged: false })
    },
  }
}

/** Who asked for the work on an issue that has begun and is not out yet. */
export function askerOf({ database }: World, repo: SimRepo, issue: SimIssue): number | undefined {
  const tasks = [...database.tasks.values()]
  const task = tasks.find((one) => one.repo === repo.id && one.number === issue.number)
  return task?.state.kind === 'running' ? task.wish?.by.id : undefined
}
