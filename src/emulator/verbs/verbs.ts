// All that tests, the demo and the pages can do and read, in the words of the people who do it.
import { appVerbs } from './apps.ts'
import { checkVerbs } from './checks.ts'
import type { VerbContext } from './context.ts'
import { issueVerbs } from './issues.ts'
import { peopleVerbs } from './people.ts'
import { projectVerbs } from './projects.ts'
import { pullVerbs } from './pulls.ts'
import { readVerbs } from './read.ts'
import { reviewVerbs } from './reviews.ts'

export type Verbs = ReturnType<typeof appVerbs> &
  ReturnType<typeof checkVerbs> &
  ReturnType<typeof issueVerbs> &
  ReturnType<typeof peopleVerbs> &
  ReturnType<typeof projectVerbs> &
  ReturnType<typeof pullVerbs> &
  ReturnType<typeof readVerbs> &
  ReturnType<typeof reviewVerbs>

export function allVerbs(context: VerbContext): Verbs {
  return {
    ...appVerbs(context),
    ...checkVerbs(context),
    ...issueVerbs(context),
    ...peopleVerbs(context),
    ...projectVerbs(context),
    ...pullVerbs(context),
    ...readVerbs(context),
    ...reviewVerbs(context),
  }
}
