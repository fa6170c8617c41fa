/** What must be true of every history once it has healed (the invariants I1–I7, I9, I12 and the convergence of I4). */
import { mayWrite } from '../src/domain/actor.ts'
import { firstBroken } from '../src/domain/ledger.ts'
import { issueId, repoId, taskId } from '../src/domain/ids.ts'
import { isTerminal } from '../src/domain/task.ts'
import type { Task } from '../src/domain/task.ts'
import { readMarkers } from '../src/github/marker.ts'
import { stateLabel } from '../src/render/labels.ts'
import { judgeCards } from './cards.ts'
import { MARKER_KEY } from './github/hub.ts'
import type { SimIssue, SimRepo } from './github/hub.ts'
import { judgeQuestions } from './judge-questions.ts'
import { judgeRevisions } from './pulls.ts'
import { isDaySpent } from './money.ts'
import { OPERATOR } from './settings.ts'
import { judgeWords } from './words.ts'
import { pressOf } from './people.ts'
import type { World } from './world.ts'

/** Nothing is left to do but to wait for people. */
/** No rest that a true clock gives is so long. Milliseconds. */
const FAR = 45 * 60_000

export function isQuiet(world: World): boolean {
  const { database, hub } = world
  const now = hub.now()
  if (database.waiting.size > 0) return false
  for (const task of database.tasks.values())
    if (isMoving(task.state, now) || mayStart(task, world, now)) return false
  for (const { row } of database.attempts.values()) if (row.endedAt === null) return false
  for (const { row } of database.acts.values())
    if (row.status === 'open' && !(row.detail.kind === 'wake' && isFar(row.notBefore, now)))
      return false
  for (const { row, lookedAt } of database.projections.values())
    if (row.generation > lookedAt || row.triedAt !== null) return false
  return true
}

const isFar = (at: number | null, now: number): boolean => at !== null && at > now + FAR

const isMoving = (state: Task['state'], now: number): boolean =>
  state.kind === 'running' ||
  state.kind === 'publishing' ||
  (state.kind === 'retrying' && !isFar(state.at, now))

/** A queued task rests only where a person must do something first, or where a clock that was a day ahead said until when. */
function mayStart(task: Task, world: World, now: number): boolean {
  const { repositories, pauses } = world.database
  if (task.state.kind !== 'queued') return false
  const repository = repositories.get(task.repo)
  for (const { until } of pauses.values()) if ((until ?? Infinity) > now + FAR) return false
  if (isDaySpent(world, task.repo)) return false
  const broken = repository?.config?.includes('verify: {') === true
  return !broken && (task.redBase === null || task.redBase !== repository?.head)
}

export function judge(world: World): void {
  const { database, hub } = world
  const wrong = (what: string): void => void world.violations.push(what)
  if (!isQuiet(world)) wrong(`it never comes to rest: ${restless(world)}`)
  for (const repo of hub.repos.values())
    for (const issue of repo.issues.values()) judgeIssue(world, repo, issue)
  for (const what of hub.wrongs) wrong(what)
  if (database.seq !== database.facts.size)
    wrong(`${database.seq - database.facts.size} facts were taken twice`)
  for (const key of world.acknowledged)
    if (!database.facts.has(key)) wrong(`${key} was acknowledged and is lost`)
  for (const [id, entries] of database.ledger) {
    const broken = firstBroken(entries)
    if (broken !== null) wrong(`the ledger of ${id} breaks at ${broken}`)
  }
  for (const repo of hub.repos.values()) {
    for (const breach of world.limitsOf(repo.installation).breaches) wrong(`GitHub: ${breach}`)
    const runs = repo.checks.map((check) => `${check.name} ${check.externalId}`)
    if (new Set(runs).size < runs.length) wrong(`check runs twice: ${runs.join(', ')}`)
  }
  judgeCounts(world)
}

function judgeCounts({ database, violations }: World): void {
  for (const { row, actor } of database.attempts.values()) {
    if (row.endedAt === null) violations.push(`${row.id} has no end`)
    if (actor === null) violations.push(`${row.id} serves nobody's wish`)
  }
  const started = [...database.attempts.values()].length
  if (started > OPERATOR.caps.perActorDay * 2) violations.push(`${started} attempts in a day`)
}

function judgeIssue(world: World, repo: SimRepo, issue: SimIssue): void {
  const { database } = world
  const wrong = (what: string): void =>
    void world.violations.push(`${repo.name}#${issue.number}: ${what}`)
  const id = taskId(repoId(repo.id), issueId(issue.id))
  const task = database.tasks.get(id) ?? null
  judgeComments(world, repo, issue)
  for (const what of judgeWords(world, repo, issue, database.ledger.get(id) ?? [])) wrong(what)
  for (const what of judgeCards(
    world,
    { repo, issue },
    { task, ledger: database.ledger.get(id) ?? [] },
  ))
    wrong(what)
  const seen = database.repositories.get(repoId(repo.id))?.firstSeen ?? 0
  const { wish } = task ?? { wish: null }
  if (wish !== null && wish.at < seen - 1_000)
    wrong(`its label is older than our first sight of ${repo.name}, and started work`)
  judgePulls(repo, issue, task, wrong)
  judgeConvergence(world, { repo, issue, task }, wrong)
  judgeGate(world, repo, task, wrong)
  judgeRevisions(world, { repo, task }, wrong)
  judgeQuestions(world, repo, issue)
  judgeReviews(world, repo, task, wrong)
  if (task === null || task.wish === null || issue.gone) return
  const wanted = stateLabel(task.state)?.name ?? null
  const worn = [...issue.labels].filter((label) => label.startsWith('yard:'))
  if (worn.join() !== (wanted ?? ''))
    wrong(`it wears [${worn.join()}] while the task is ${task.state.kind}`)
}

function judgeComments(world: World, repo: SimRepo, issue: SimIssue): void {
  const place = { repo: repoId(repo.id), issue: issue.number }
  const seen = new Map<string, number>()
  for (const comment of issue.comments) {
    if (!comment.ours) continue
    for (const marker of readMarkers(MARKER_KEY, place, comment.body))
      seen.set(marker, (seen.get(marker) ?? 0) + 1)
  }
  for (const [marker, count] of seen)
    if (count > 1)
      world.violations.push(`${repo.name}#${issue.number}: ${count} comments for ${marker}`)
}

/** A yes that was heard, by somebody who may, to exactly what waits, and since it waits, is not left waiting. */
function judgeGate(
  { approvals, weather, acknowledged, roleSince }: World,
  repo: SimRepo,
  task: Task | null,
  wrong: (what: string) => void,
): void {
  if (task?.state.kind !== 'gated') return
  const { gate } = task
  if (gate === null || gate.head !== task.state.gate)
    return wrong('its gate is not the one it names')
  // A commit that was let pass for its paths may be asked about again for what looks like a secret in it.
  const again = task.approved === gate.head
  const asked = !again ? -Infinity : weather.jumped === true ? Infinity : gate.askedAt
  const heard = approvals.find(({ by, head, at, key }) => {
    const since = roleSince.get(`${repo.id} ${by}`) ?? -Infinity
    const may = mayWrite(repo.roles.get(by) ?? 'none') && since + 61_000 < at
    return may && head === gate.head && at >= asked && acknowledged.has(key)
  })
  if (heard !== undefined) wrong(`person ${heard.by} approved ${gate.head}, and it still waits`)
}

/** Whoever is said to have looked at a commit did, and may say so. */
function judgeReviews(
  { pressed, writers }: World,
  repo: SimRepo,
  task: Task | null,
  wrong: (what: string) => void,
): void {
  for (const { login, head, verdict } of task?.review?.looks ?? []) {
    if (verdict !== 'reviewed') continue
    if (!pressed.has(pressOf(repo.id, login, head)))
      wrong(`${login} is said to have looked at ${head.slice(-6)}, and did not`)
    if (!writers.has(`${repo.id} ${login.split('-').at(-1)}`))
      wrong(`${login} cleared a review, and may not`)
  }
}

function judgePulls(
  repo: SimRepo,
  issue: SimIssue,
  task: Task | null,
  wrong: (what: string) => void,
): void {
  const branch = `yardmaster/${issue.number}`
  const open = [...repo.pulls.values()].filter((pull) => pull.branch === branch && pull.open)
  if (open.length > 1) wrong(`${open.length} open pull requests`)
  if (task?.state.kind !== 'in-review') return
  const { number } = task.state.pull
  if (open[0]?.number !== number) wrong(`its pull request #${number} is not open`)
}

/** I4: what GitHub shows and what the task is agree. */
function judgeConvergence(
  { roleSince, database }: World,
  {
    repo,
    issue,
    task,
  }: { readonly repo: SimRepo; readonly issue: SimIssue; readonly task: Task | null },
  wrong: (what: string) => void,
): void {
  const seen = database.repositories.get(repoId(repo.id))?.firstSeen
  const worn = [...issue.labels].filter((label) => label.startsWith('yardmaster'))
  if (task !== null && !isTerminal(task.state)) {
    if (issue.gone || !issue.open)
      wrong(`it is ${issue.gone ? 'gone' : 'closed'}, and the task is ${task.state.kind}`)
    else if (worn.length === 0 && task.wish?.label !== null)
      wrong(`nobody wishes it, and the task is ${task.state.kind}`)
  }
  const last = issue.events.findLast(
    ({ kind, label }) => kind === 'labeled' && worn.includes(label),
  )
  if (last === undefined || !issue.open || issue.gone) return
  const since = roleSince.get(`${repo.id} ${last.by.id}`) ?? -Infinity
  // An answer about somebody's rights may be a minute old.
  const long = since + 61_000 < last.at
  const allowed =
    last.by.kind === 'person' && mayWrite(repo.roles.get(last.by.id) ?? 'none') && long
  const plain = worn.length === 1 && worn[0] !== 'yardmaster:nobody'
  // Older than our first sight: listed, never started.
  const old = last.at < (seen ?? 0)
  // A later word took it back, or wished anew.
  const word = task?.heard.wish?.at ?? -Infinity
  if (old || word >= last.at - 1_000) return
  if (allowed && plain && (task === null || task.wish === null))
    wrong(`@${last.by.login} wishes it with ${last.label}, and nothing came of it`)
  if (allowed && plain && task?.state.kind === 'cancelled')
    // Within five seconds of the one before it may be taken for the same label: webhooks and events tell other moments.
    if (/took the label off/.test(task.state.reason) && last.at > (task.wish?.at ?? 0) + 6_000)
      wrong(`@${last.by.login} wishes it again with ${last.label}, and the task stays cancelled`)
}

function restless({ database }: World): string {
  const tasks = [...database.tasks.values()]
    .filter((task) => !isTerminal(task.state))
    .map((task) => `#${task.number} ${task.state.kind}`)
  const acts = [...database.acts.values()]
    .filter(({ row }) => row.status === 'open')
    .map(({ row }) => `${row.key} (tries ${row.tries})`)
  const surfaces = [...database.projections.values()]
    .filter(({ row, lookedAt }) => row.generation > lookedAt || row.triedAt !== null)
    .map(({ row }) => `${row.task} ${row.surface}`)
  const facts = [...database.waiting].map(([aggregate, line]) => `${aggregate} × ${line.length}`)
  return [...tasks, ...acts, ...surfaces, ...facts].join('; ')
}
