// The few issues that stand first in a repository.
import { unprocessable } from '../world/refusal.ts'
import type { Actor } from '../world/app.ts'
import type { Issue } from '../world/issue.ts'
import type { World } from '../world/world.ts'
import { emitIssue, recordEvent } from './record.ts'

// From "Pinning an issue to your repository" of GitHub's documentation.
const MAX_PINNED = 3

export function pinIssue(world: World, issue: Issue, actor: Actor): void {
  const { pinned } = issue.repo
  if (pinned.includes(issue)) return
  if (issue.pull !== null) throw unprocessable('Pull requests cannot be pinned')
  if (pinned.length >= MAX_PINNED) {
    throw unprocessable(`Maximum ${MAX_PINNED} pinned issues per repository`)
  }
  pinned.push(issue)
  recordEvent(world, issue, actor, { event: 'pinned' })
  emitIssue(world, issue, actor, { action: 'pinned' })
}

export function unpinIssue(world: World, issue: Issue, actor: Actor): void {
  const { pinned } = issue.repo
  const at = pinned.indexOf(issue)
  if (at < 0) return
  pinned.splice(at, 1)
  recordEvent(world, issue, actor, { event: 'unpinned' })
  emitIssue(world, issue, actor, { action: 'unpinned' })
}
