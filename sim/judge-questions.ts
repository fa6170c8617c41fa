/** What must be true of questions and answers in every history: asked once, answered once, by somebody who may, and heard. */
import { mayWrite } from '../src/domain/actor.ts'
import { questionKey } from '../src/domain/decide/decision.ts'
import { issueId, repoId, taskId } from '../src/domain/ids.ts'
import { readMarkers } from '../src/github/marker.ts'
import { MARKER_KEY } from './github/hub.ts'
import type { SimIssue, SimRepo } from './github/hub.ts'
import { person } from './people.ts'
import type { World } from './world.ts'

/** An answer about somebody's rights may be that old. Milliseconds. */
const REMEMBERED = 61_000
const PEOPLE = [1, 2, 3, 4]

export function judgeQuestions(world: World, repo: SimRepo, issue: SimIssue): void {
  const { database, writers, violations } = world
  const wrong = (what: string): void =>
    void violations.push(`${repo.name}#${issue.number}: ${what}`)
  const id = taskId(repoId(repo.id), issueId(issue.id))
  const answered = (database.ledger.get(id) ?? []).filter(
    ({ event }) => event === 'question.answered',
  )
  const seen = new Set<unknown>()
  for (const { by, data } of answered) {
    const n = data['question']
    if (seen.has(n)) wrong(`Q${String(n)} was answered twice`)
    seen.add(n)
    const who = PEOPLE.find((one) => person(one).login === by)
    if (who === undefined || !writers.has(`${repo.id} ${who}`))
      wrong(`@${by} answered Q${String(n)}, and never could write there`)
  }
  const task = database.tasks.get(id)
  if (task?.state.kind !== 'parked') return
  const { question, wish } = task
  if (question === null || `Q${question.n}` !== task.state.question)
    return wrong('it waits for an answer to nothing')
  if (issue.gone || wish === null) return
  const place = { repo: repoId(repo.id), issue: issue.number }
  const asked = issue.comments
    .filter(({ ours }) => ours)
    .flatMap(({ body }) => readMarkers(MARKER_KEY, place, body))
  if (!asked.includes(questionKey(id, wish, question)))
    wrong(`Q${question.n} waits, and nobody was asked`)
  const heard = world.answers.find(({ repo: at, issue: on, by, n, at: when, key }) => {
    if (at !== repo.id || on !== issue.id || n !== question.n) return false
    const since = world.roleSince.get(`${repo.id} ${by}`) ?? -Infinity
    const may = mayWrite(repo.roles.get(by) ?? 'none') && since + REMEMBERED < when
    return may && world.acknowledged.has(key)
  })
  if (heard !== undefined) wrong(`person ${heard.by} answered Q${question.n}, and it still waits`)
}
