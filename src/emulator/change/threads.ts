// Review threads follow the lines that they are about: a place is checked against the pull
// request's difference, moves with pushes, and is outdated once its lines have changed.
import { hunkDownTo, movedLine, patchLines, type PatchLine } from '../git/diff-lines.ts'
import { mergeBase } from '../git/commits.ts'
import { differences } from '../git/differences.ts'
import { unprocessable } from '../world/refusal.ts'
import type { PullIssue, ReviewThread } from '../world/issue.ts'
import type { Side } from '../world/pull.ts'
import { nodeId, type World } from '../world/world.ts'
import { baseCommit, changedFiles } from './pull-stats.ts'

/** Where a comment is to stand; without a line and a position, on the whole file. */
export type Place = {
  readonly path: string
  readonly line?: number
  readonly side?: Side
  readonly startLine?: number
  readonly startSide?: Side
  readonly position?: number
}

export type FoundPlace = {
  readonly place: Place
  readonly side: Side
  readonly line: PatchLine | null
  readonly start: PatchLine | null
  readonly hunk: string
  readonly fork: string
}

/** Refuses a place outside the pull request's difference, as GitHub does. */
export async function findPlace(issue: PullIssue, place: Place): Promise<FoundPlace> {
  const fork = await forkOf(issue)
  const file = (await changedFiles(issue)).find(({ filename }) => filename === place.path)
  if (file === undefined) throw unprocessable('pull_request_review_thread.path is invalid')
  const lines = file.patch === null ? [] : patchLines(file.patch)
  if (place.line === undefined && place.position === undefined) {
    return { place, side: 'RIGHT', line: null, start: null, hunk: '', fork }
  }
  const line =
    place.line === undefined
      ? lines.find((one) => one.position === place.position && one.position > 0)
      : lineAt(lines, place.side ?? 'RIGHT', place.line)
  if (line === undefined) {
    throw unprocessable('pull_request_review_thread.line must be part of the diff')
  }
  const side = place.line === undefined ? sideOf(line) : (place.side ?? 'RIGHT')
  const start =
    place.startLine === undefined ? null : lineAt(lines, place.startSide ?? side, place.startLine)
  if (start === undefined || (start !== null && start.position >= line.position)) {
    throw unprocessable(
      'pull_request_review_thread.start_line must precede the end line and be part of the diff',
    )
  }
  return { place, side, line, start, hunk: hunkDownTo(lines, line), fork }
}

export function openThread(world: World, issue: PullIssue, found: FoundPlace): ReviewThread {
  const { line, place, side, start } = found
  const startSide = start === null ? null : (place.startSide ?? side)
  const id = world.nextId()
  const number = line === null ? null : numberOf(line, side)
  const startNumber = start === null || startSide === null ? null : numberOf(start, startSide)
  const thread: ReviewThread = {
    id,
    nodeId: nodeId('PRRT', id),
    issue,
    path: place.path,
    subject: line === null ? 'file' : 'line',
    side,
    startSide,
    originalLine: number,
    originalStartLine: startNumber,
    originalPosition: line?.position ?? 1,
    originalCommitId: issue.pull.head.sha,
    diffHunk: found.hunk,
    comments: [],
    line: number,
    startLine: startNumber,
    position: line?.position ?? 1,
    commitId: issue.pull.head.sha,
    forkId: found.fork,
    outdated: false,
    resolvedBy: null,
  }
  issue.pull.threads.push(thread)
  world.nodes.set(thread.nodeId, { kind: 'thread', value: thread })
  return thread
}

/** After the head or the base moved: each thread on its lines again, or outdated for good. */
export async function followThreads(issue: PullIssue): Promise<void> {
  const { pull } = issue
  if (pull.threads.every((thread) => thread.outdated)) return
  const head = pull.head.sha
  const fork = await forkOf(issue)
  const files = await changedFiles(issue)
  for (const thread of pull.threads.filter((one) => !one.outdated)) {
    const file = files.find(({ filename }) => filename === thread.path)
    if (file === undefined) outdate(thread)
    else if (thread.subject === 'line') await follow(thread, { head, fork, patch: file.patch })
    if (thread.outdated) continue
    thread.commitId = head
    thread.forkId = fork
  }
}

async function follow(
  thread: ReviewThread,
  now: { readonly head: string; readonly fork: string; readonly patch: string | null },
): Promise<void> {
  const { gitDir } = thread.issue.repo
  const moved = async (side: Side, line: number | null): Promise<PatchLine | null> => {
    if (line === null) return null
    const [from, to] = side === 'RIGHT' ? [thread.commitId, now.head] : [thread.forkId, now.fork]
    const changed = from === to ? [] : await differences(gitDir, from, to)
    const file = changed.find(({ filename }) => filename === thread.path)
    const number = movedLine(file?.patch ?? null, line)
    if (number === null || now.patch === null) return null
    return lineAt(patchLines(now.patch), side, number) ?? null
  }
  const line = await moved(thread.side, thread.line)
  const start = await moved(thread.startSide ?? thread.side, thread.startLine)
  if (line === null || (thread.startLine !== null && start === null)) {
    outdate(thread)
    return
  }
  thread.line = numberOf(line, thread.side)
  thread.startLine = start === null ? null : numberOf(start, thread.startSide ?? thread.side)
  thread.position = line.position
}

/** Where the head left the base: the old side of the difference. */
async function forkOf(issue: PullIssue): Promise<string> {
  const base = baseCommit(issue)
  return (await mergeBase(issue.repo.gitDir, base, issue.pull.head.sha)) ?? base
}

function outdate(thread: ReviewThread): void {
  thread.outdated = true
  thread.line = null
  thread.startLine = null
  thread.position = null
}

function lineAt(lines: readonly PatchLine[], side: Side, number: number): PatchLine | undefined {
  return lines.find((line) => numberOf(line, side) === number)
}

function numberOf(line: PatchLine, side: Side): number | null {
  return side === 'LEFT' ? line.left : line.right
}

function sideOf(line: PatchLine): Side {
  return line.kind === 'removed' ? 'LEFT' : 'RIGHT'
}
