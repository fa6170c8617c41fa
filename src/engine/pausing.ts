/** The operator's own pauses. They are rows of the store, so every app on it obeys, and a restart forgets none. */
import { YARD, holdScope, inEffect, isOfYard, stop } from '../domain/pause.ts'
import type { RepoId } from '../domain/ids.ts'
import { slug } from '../domain/repository.ts'
import type { Pausing } from '../ports/pausing.ts'
import type { EngineDeps } from './deps.ts'

/** `onChanged`: whoever gives out slots looks at once. */
export function createPausing(
  { store, clock, log, killSwitch }: Pick<EngineDeps, 'store' | 'clock' | 'log' | 'killSwitch'>,
  onChanged: () => void,
): Pausing {
  const { admission } = store

  async function repositoryNamed(name: string): Promise<RepoId | null> {
    const all = await store.repositories.all()
    const same = all.filter((one) => slug(one).toLowerCase() === name.toLowerCase())
    // A name can pass to another repository; the one that is gone yields to the one that is there.
    return (same.find(({ gone }) => gone === null) ?? same[0])?.id ?? null
  }

  const missing = (name: string) => ({
    kind: 'missing' as const,
    message: `${name} is not known here. \`yardmaster queue\` names what is.`,
  })

  return {
    async pause({ repository, reason, now }) {
      const repo = repository === null ? null : await repositoryNamed(repository)
      if (repository !== null && repo === null) return missing(repository)
      await admission.pause(stop(repo === null ? YARD : holdScope(repo), { reason, now }))
      log.warn({ repository, reason, now }, 'the operator has paused work')
      onChanged()
      const { live } = await admission.view()
      const running = live.filter((attempt) => repo === null || attempt.repo === repo).length
      return { kind: 'paused', running }
    },

    async resume({ repository }) {
      const repo = repository === null ? null : await repositoryNamed(repository)
      if (repository !== null && repo === null) return missing(repository)
      // Before the pauses end: an app that still found the file would pause again.
      const fileRemoved = repo === null && (await killSwitch?.remove()) === true
      const ended = (await admission.pauses()).filter(
        (one) =>
          inEffect(one, clock.now()) &&
          (repo === null ? isOfYard(one) : one.scope === holdScope(repo)),
      )
      for (const { scope } of ended) await admission.unpause(scope)
      log.warn({ repository, ended: ended.map(({ scope }) => scope) }, 'the operator resumes work')
      onChanged()
      return { kind: 'resumed', ended, fileRemoved }
    },
  }
}
