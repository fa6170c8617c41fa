/**
 * Proposes a settings file to a repository that has none, in one pull request, once. That it was asked is GitHub's to
 * remember: a pull request of our branch, open or closed, is never opened again, also after the store was lost.
 */
import { passed } from '../domain/attempt.ts'
import { GOES_OUT, deadlineIn } from '../domain/deadline.ts'
import { issueId, taskId } from '../domain/ids.ts'
import type { RepoId, Sha, TaskId } from '../domain/ids.ts'
import { holdScope, inEffect, isOfYard } from '../domain/pause.ts'
import type { Repository } from '../domain/repository.ts'
import { detectCommands } from '../policy/detect-commands.ts'
import { isPassing } from '../ports/fault.ts'
import { CONFIG_PATH } from '../render/config-path.ts'
import { SETUP_TITLE, onboardingBody, proposedFile } from '../render/onboarding.ts'
import type { Proposal, Tried } from '../render/onboarding.ts'
import type { EngineDeps } from './deps.ts'
import { startLoop } from './loop.ts'
import type { Loop } from './loop.ts'

export const SETUP_BRANCH = 'yardmaster/setup'

/** For all commands together: an install and a suite of a usual size. Milliseconds; a judgement. */
const TRIAL = 900_000
const LOOK = 60_000
/** After a fault that passes, and after one that a person must mend. Milliseconds. */
const AGAIN = { passing: 60_000, lasting: 3_600_000 }
/** Where the trial of a repository works: no issue has this number. */
const trialOf = (repo: RepoId): TaskId => taskId(repo, issueId(0))

export interface Onboarding extends Loop {
  /** Its place is in use: nobody puts it away. */
  readonly isTrial: (task: TaskId) => boolean
}

export function startOnboarding(deps: EngineDeps, leads: () => boolean): Onboarding {
  const { store, codeHost, clock, log, operator } = deps
  const rests = new Map<RepoId, number>()
  const trials = new Set<TaskId>()

  async function turn(signal: AbortSignal): Promise<void> {
    if (!operator.onboarding || !leads()) return
    for (const repository of await store.repositories.all()) {
      if (signal.aborted || !leads()) return
      if (!isMissing(repository) || !deps.installations.serves(repository.id)) continue
      if ((rests.get(repository.id) ?? 0) > clock.monotonic()) continue
      if (await isPaused(repository.id)) continue
      try {
        await ask(repository, signal)
      } catch (error) {
        const passing = isPassing(error)
        rests.set(repository.id, clock.monotonic() + AGAIN[passing ? 'passing' : 'lasting'])
        log[passing ? 'info' : 'warn'](
          { repo: repository.id, error },
          'no settings file could be proposed yet',
        )
      }
    }
  }

  async function isPaused(repo: RepoId): Promise<boolean> {
    const now = clock.now()
    return (await store.admission.pauses()).some(
      (one) => inEffect(one, now) && (isOfYard(one) || one.scope === holdScope(repo)),
    )
  }

  async function ask(repository: Repository, signal: AbortSignal): Promise<void> {
    const { id, head, defaultBranch } = repository
    if (head === null) return
    const former = await codeHost.findPull(repository, SETUP_BRANCH)
    if (former === null) {
      const proposal = await propose(repository, head)
      const tried = await tryOut(repository, head, { proposal, signal })
      // Somebody may have written one meanwhile.
      const now = await store.repositories.get(id)
      if (signal.aborted || now === null || !isMissing(now)) return
      const goes = () => ({ notAfter: deadlineIn(GOES_OUT, clock) })
      const file = { branch: SETUP_BRANCH, base: head, path: CONFIG_PATH, message: SETUP_TITLE }
      await codeHost.proposeFile(now, { ...file, text: proposedFile(proposal), ...goes() })
      const { caps, profiles, defaultProfile } = operator
      const { number } = await codeHost.openPull(now, {
        branch: SETUP_BRANCH,
        base: defaultBranch,
        head,
        title: SETUP_TITLE,
        body: onboardingBody({
          proposal,
          head,
          tried,
          caps,
          profiles: Object.keys(profiles),
          defaultProfile,
        }),
        draft: false,
        ...goes(),
      })
      log.info({ repo: id, pull: number }, 'a settings file is proposed')
    }
    const row = await store.repositories.get(id)
    if (row !== null) await store.repositories.save({ ...row, asked: true }, [])
  }

  async function propose(repository: Repository, head: Sha): Promise<Proposal> {
    const names = new Set(await codeHost.root(repository, head))
    const read = async (name: string): Promise<readonly [string, string | null]> => [
      name,
      names.has(name) ? await codeHost.file(repository, head, name) : null,
    ]
    const texts = new Map(await Promise.all(['package.json', 'Makefile'].map(read)))
    return detectCommands({
      has: (name) => names.has(name),
      text: (name) => texts.get(name) ?? null,
    })
  }

  /** Words: why not. What the commands come to is shown, whatever it is. */
  async function tryOut(
    repository: Repository,
    head: Sha,
    { proposal, signal }: { readonly proposal: Proposal; readonly signal: AbortSignal },
  ): Promise<Tried | string> {
    if (deps.noJail !== null) return 'this host has no sandbox to run them in'
    if (operator.runner.capacity === 0) return 'this host runs no work itself'
    const task = trialOf(repository.id)
    trials.add(task)
    try {
      const end = clock.monotonic() + TRIAL
      const place = await deps.workspace.scratch(repository, task, head)
      const run = (commands: readonly string[]) =>
        deps.workspace.run(place, commands, {
          timeout: Math.max(1_000, end - clock.monotonic()),
          signal,
        })
      try {
        const setup = await run(proposal.setup)
        return { setup, verify: setup.every(passed) ? await run(proposal.verify) : [] }
      } finally {
        await deps.workspace.release(place)
        await deps.workspace.releaseTask(task)
      }
    } finally {
      trials.delete(task)
    }
  }

  const loop = startLoop({ name: 'onboarding', clock, log, every: () => LOOK }, turn)
  return { ...loop, isTrial: (task) => trials.has(task) }
}

const isMissing = ({ gone, head, config, asked }: Repository): boolean =>
  gone === null && head !== null && config === null && asked !== true
