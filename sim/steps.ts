/**
 * Everything that can happen in a simulated history, one line each: how often, and what it does. A new fact of the
 * product gets its line here. Numbers choose by remainder, so that any three make sense after others were taken away.
 */
import type { App } from './app.ts'
import type { SimIssue, SimPull, SimRepo } from './github/hub.ts'
import { askerOf, person } from './people.ts'
import type { Deeds } from './people.ts'
import { BROKEN_CONFIG, configOf } from './settings.ts'
import { textOf } from './words.ts'
import type { World } from './world.ts'

/** One thing that happens, `after` milliseconds after the one before. */
export interface Step {
  readonly after: number
  readonly kind: string
  /** Which issue, who, and what else the kind asks of chance. */
  readonly a: number
  readonly b: number
  readonly c: number
}

export interface Cast {
  readonly world: World
  readonly deeds: Deeds
  readonly apps: App[]
  readonly start: () => void
  readonly kill: (app: App) => void
}

interface Kind {
  /** Relative frequency. */
  readonly weight: number
  readonly happen: (cast: Cast, step: Step) => void
}

/** Persons 1 and 2 may write, 3 may triage, 4 reads. */
const WRITERS = 2

export const KINDS: Readonly<Record<string, Kind>> = {
  label: {
    weight: 26,
    happen: (cast, step) =>
      onIssue(cast, step, (repo, issue) =>
        cast.deeds.label(repo, issue, { by: whoever(step.b), label: labelOf(step.c) }),
      ),
  },
  unlabel: {
    weight: 7,
    happen: (cast, step) =>
      onIssue(cast, step, (repo, issue) => cast.deeds.unlabel(repo, issue, whoever(step.b))),
  },
  edit: {
    weight: 5,
    happen: (cast, step) =>
      onIssue(cast, step, (repo, issue) => cast.deeds.edit(repo, issue, whoever(step.b))),
  },
  close: {
    weight: 4,
    happen: (cast, step) =>
      onIssue(cast, step, (repo, issue) => cast.deeds.close(repo, issue, whoever(step.b))),
  },
  reopen: {
    weight: 3,
    happen: (cast, step) =>
      onIssue(cast, step, (repo, issue) => cast.deeds.reopen(repo, issue, whoever(step.b))),
  },
  approve: {
    weight: 12,
    happen: (cast, step) =>
      onIssue(cast, step, (repo, issue) => {
        const look = (looks: number): void => {
          const head = shaAtGate(issue, step.c)
          if (head !== null)
            cast.deeds.say(repo, issue, { by: whoever(step.b), text: `/approve ${head}` })
          else if (looks > 0) cast.world.scheduler.after(PATIENCE, () => look(looks - 1))
        }
        look(LOOKS)
      }),
  },
  reject: {
    weight: 1,
    happen: (cast, step) =>
      onIssue(cast, step, (repo, issue) =>
        cast.deeds.say(repo, issue, { by: whoever(step.b), text: '/reject not this' }),
      ),
  },
  answer: {
    weight: 12,
    happen: (cast, step) =>
      onIssue(cast, step, (repo, issue) => {
        const look = (looks: number): void => {
          const text = answerTo(issue, step.c)
          if (text === null) {
            if (looks > 0) cast.world.scheduler.after(PATIENCE, () => look(looks - 1))
            return
          }
          cast.deeds.say(repo, issue, { by: whoever(step.b), text })
          // Two at once: one counts.
          if (step.c % 2 === 0)
            cast.deeds.say(repo, issue, { by: writer(step.b + 1), text: text.replace(/1$/, '2') })
        }
        look(LOOKS)
      }),
  },
  reply: {
    weight: 2,
    happen: (cast, step) =>
      onIssue(cast, step, (repo, issue) =>
        cast.deeds.say(repo, issue, { by: whoever(step.b), text: '/answer 2' }),
      ),
  },
  'card-moved': {
    weight: 10,
    happen: (cast, step) =>
      onIssue(cast, step, (repo, issue) =>
        cast.deeds.moveCard(repo, issue, { by: whoever(step.b), to: step.c }),
      ),
  },
  'move-away': {
    weight: 1,
    happen: (cast, step) =>
      onIssue(cast, step, (repo, issue) => cast.deeds.moveAway(repo, issue, whoever(step.b))),
  },
  merge: {
    weight: 6,
    happen: (cast, step) =>
      onPull(cast, step, (repo, pull) =>
        cast.deeds.endPull(repo, pull, { by: writer(step.b), merged: true }),
      ),
  },
  'close-pull': {
    weight: 3,
    happen: (cast, step) =>
      onPull(cast, step, (repo, pull) =>
        cast.deeds.endPull(repo, pull, { by: writer(step.b), merged: false }),
      ),
  },
  review: {
    weight: 8,
    happen: (cast, step) =>
      onPull(cast, step, (repo, pull) =>
        cast.deeds.review(repo, pull, { by: whoever(step.b % 9), changes: step.c % 4 !== 0 }),
      ),
  },
  'ci-red': {
    weight: 12,
    happen: (cast, step) =>
      onPull(cast, step, (repo, pull) => cast.deeds.check(repo, pull, step.c % 4 !== 0)),
  },
  conflict: {
    weight: 3,
    happen: (cast, step) => onPull(cast, step, (repo, pull) => cast.deeds.conflict(repo, pull)),
  },
  'push-to-pull': {
    weight: 3,
    happen: (cast, step) =>
      onPull(cast, step, (repo, pull) => cast.deeds.pushTo(repo, pull, writer(step.b))),
  },
  'revise-by-word': {
    weight: 4,
    happen: (cast, step) =>
      onIssue(cast, step, (repo, issue) =>
        cast.deeds.say(repo, issue, {
          by: whoever(step.b),
          text: step.c % 2 === 0 ? '/revise Shorter.' : '/update',
        }),
      ),
  },
  'reopen-pull': {
    weight: 2,
    happen: (cast, step) =>
      onPull(cast, step, (repo, pull) => cast.deeds.reopenPull(repo, pull, writer(step.b))),
  },
  revoke: {
    weight: 8,
    // Mostly whoever has work under way: rights that nobody uses are no loss.
    happen: (cast, step) =>
      onIssue(cast, step, (repo, issue) => {
        const revoke = (who: number): void => cast.deeds.setRole(repo, who, 'read')
        if (step.c % 4 === 0) return revoke(1 + (step.b % WRITERS))
        const look = (looks: number): void => {
          const asker = askerOf(cast.world, repo, issue)
          if (asker !== undefined) revoke(asker)
          else if (looks > 0) cast.world.scheduler.after(PATIENCE, () => look(looks - 1))
        }
        look(LOOKS)
      }),
  },
  grant: {
    weight: 3,
    happen: (cast, step) =>
      onRepo(cast, step, (repo) => cast.deeds.setRole(repo, 1 + (step.b % 4), 'write')),
  },
  'base-moves': {
    weight: 3,
    happen: (cast, step) => onRepo(cast, step, (repo) => cast.deeds.pushMain(repo, repo.config)),
  },
  'settings-change': {
    weight: 2,
    happen: (cast, step) =>
      onRepo(cast, step, (repo) =>
        cast.deeds.pushMain(repo, step.b % 3 === 0 ? BROKEN_CONFIG : configOf(cast.world.settings)),
      ),
  },
  'press-reviewed': {
    weight: 6,
    happen: (cast, step) =>
      onRepo(cast, step, (repo) => {
        const look = (looks: number): void => {
          const check = repo.checks[(step.a >> 4) % Math.max(1, repo.checks.length)]
          if (check === undefined) {
            if (looks > 0) cast.world.scheduler.after(PATIENCE, () => look(looks - 1))
            return
          }
          const pull = [...repo.pulls.values()].find(({ head }) => head === check.head)
          const press = (): void => cast.deeds.press(repo, check, whoever(step.b))
          // Once the world heals nobody changes it any more.
          const calm = !cast.world.weather.stormy
          if (pull === undefined || calm || step.c % 2 === 0) return press()
          // They read on while somebody pushes, and press the button of what they have read.
          cast.deeds.pushBranch(repo, pull.branch)
          cast.world.scheduler.after(READING, press)
        }
        look(LOOKS)
      }),
  },
  'push-branch': {
    weight: 2,
    happen: (cast, step) =>
      onIssue(cast, step, (repo, issue) =>
        cast.deeds.pushBranch(repo, `yardmaster/${issue.number}`),
      ),
  },
  'delete-branch': {
    weight: 2,
    happen: (cast, step) =>
      onIssue(cast, step, (repo, issue) =>
        cast.deeds.deleteBranch(repo, `yardmaster/${issue.number}`),
      ),
  },
  forge: {
    weight: 6,
    happen: (cast, step) => onRepo(cast, step, (repo) => cast.deeds.forge(repo, person(4))),
  },
  say: {
    weight: 14,
    happen: (cast, step) =>
      onIssue(cast, step, (repo, issue) =>
        cast.deeds.say(repo, issue, { by: whoever(step.b), text: textOf(step.c) }),
      ),
  },
  reword: {
    weight: 4,
    happen: (cast, step) =>
      onIssue(cast, step, (repo, issue) =>
        cast.deeds.reword(repo, issue, { by: whoever(step.b), text: textOf(step.c) }),
      ),
  },
  kill: { weight: 6, happen: (cast, step) => onApp(cast, step, (app) => cast.kill(app)) },
  'kill-within': {
    weight: 8,
    happen: (cast, step) =>
      onApp(cast, step, (app) => {
        cast.world.tell(`${app.name} will die ${1 + (step.b % 60)} questions to the store from now`)
        app.process.killAfter(1 + (step.b % 60), () => cast.kill(app))
      }),
  },
  start: { weight: 12, happen: (cast) => cast.start() },
  stop: {
    weight: 3,
    happen: (cast, step) =>
      onApp(cast, step, (app) => {
        cast.world.tell(`${app.name} is asked to stop`)
        const ended = app.engine?.stop()
        app.engine = null
        void ended?.then(() => cast.kill(app))
      }),
  },
  pause: {
    weight: 4,
    happen: (cast, step) =>
      onApp(cast, step, (app) => {
        const milliseconds = 500 + (step.b % 150_000)
        cast.world.tell(`${app.name} stands still for ${milliseconds} ms`)
        app.process.pause(milliseconds)
      }),
  },
  'work-paused': {
    weight: 2,
    happen: (cast, step) =>
      onApp(cast, step, (app) =>
        onRepo(cast, step, (repo) => {
          const repository = step.b % 2 === 0 ? null : `${repo.owner}/${repo.name}`
          const now = step.c % 2 === 0
          cast.world.tell(`the operator pauses ${repository ?? 'all'}${now ? ' now' : ''}`)
          app.engine?.pausing.pause({ repository, reason: 'r', now }).catch(() => {})
        }),
      ),
  },
  'work-resumed': {
    weight: 4,
    happen: (cast, step) =>
      onApp(cast, step, (app) =>
        onRepo(cast, step, (repo) => {
          const repository = step.b % 2 === 0 ? null : `${repo.owner}/${repo.name}`
          cast.world.tell(`the operator resumes ${repository ?? 'all'}`)
          app.engine?.pausing.resume({ repository }).catch(() => {})
        }),
      ),
  },
  'clock-jumps': {
    weight: 2,
    happen: (cast, step) =>
      onApp(cast, step, (app) => {
        const jump = [-1_000, 3_600_000, -3_600_000, 86_400_000, -86_400_000][step.b % 5] ?? 0
        cast.world.weather.jumped = true
        cast.world.tell(`the clock of ${app.name} jumps by ${jump} ms`)
        app.process.shiftClock(jump)
      }),
  },
}

const labelOf = (c: number): string =>
  [
    'yardmaster',
    'yardmaster',
    'yardmaster',
    'yardmaster',
    'yardmaster:second',
    'yardmaster:nobody',
    'bug',
  ][c % 7] ?? 'yardmaster'

const BOT = { id: 50, login: 'tidy[bot]', kind: 'bot' } as const
/** Mostly people who may. */
const whoever = (b: number) => {
  const who = b % 10
  if (who < 7) return person(1 + (who % WRITERS))
  return who === 9 ? BOT : person(who - 4)
}
const writer = (b: number) => person(1 + (b % WRITERS))

/** Somebody who means to do something looks that often whether there is something to do it to. Milliseconds between. */
const LOOKS = 20
const PATIENCE = 15_000
/** Long enough for a pass of the reconciler. Milliseconds. */
const READING = 180_000

/** Mostly the commit that was asked about last; sometimes an older one, or one that nobody knows. */
function shaAtGate(issue: SimIssue, c: number): string | null {
  const asked = issue.comments.flatMap(({ ours, body }) =>
    ours ? (/`\/approve ([0-9a-f]{40})` (?:pushes|when|says)/.exec(body)?.[1] ?? []) : [],
  )
  if (asked.length === 0) return null
  if (c % 3 === 0) return 'f'.repeat(40)
  return (c % 3 === 1 ? asked[0] : asked.at(-1)) ?? null
}

/** Mostly the question that was asked last; sometimes an older one, an option that it does not have, or words. */
function answerTo(issue: SimIssue, c: number): string | null {
  const asked = issue.comments.flatMap(({ ours, body }) =>
    ours && body.includes('one decision is yours') ? (/\*\*(Q\d+)\*\*/.exec(body)?.[1] ?? []) : [],
  )
  const [first] = asked
  if (first === undefined) return null
  const named = c % 7 === 0 ? first : (asked.at(-1) ?? first)
  if (c % 5 === 0) return `/answer ${named} 9`
  return c % 3 === 0 ? '/answer its own name' : `/answer ${named} 1`
}

function onRepo({ world }: Cast, step: Step, deed: (repo: SimRepo) => void): void {
  const repos = [...world.hub.repos.values()]
  const repo = repos[step.a % repos.length]
  if (repo !== undefined) deed(repo)
}

function onIssue(cast: Cast, step: Step, deed: (repo: SimRepo, issue: SimIssue) => void): void {
  onRepo(cast, step, (repo) => {
    const issues = [...repo.issues.values()]
    const issue = issues[(step.a >> 4) % issues.length]
    if (issue !== undefined) deed(repo, issue)
  })
}

function onPull(cast: Cast, step: Step, deed: (repo: SimRepo, pull: SimPull) => void): void {
  onRepo(cast, step, (repo) => {
    const pulls = [...repo.pulls.values()]
    const pull = pulls[(step.a >> 4) % Math.max(1, pulls.length)]
    if (pull !== undefined) deed(repo, pull)
  })
}

function onApp({ apps }: Cast, step: Step, deed: (app: App) => void): void {
  const alive = apps.filter((app) => app.process.alive())
  const app = alive[step.a % Math.max(1, alive.length)]
  if (app !== undefined) deed(app)
}
