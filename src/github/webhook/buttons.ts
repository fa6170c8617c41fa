/** The buttons of our own check runs. GitHub tells only the App that made the run who pressed one. */
import * as z from 'zod'
import { BUTTONS } from '../../domain/button.ts'
import { issueId } from '../../domain/ids.ts'
import { addressOf, envelope, object, type Narrowing } from './shapes.ts'

const anyAction = z.object({ action: z.string() })

const pressed = envelope.extend({
  check_run: z.object({
    head_sha: object,
    external_id: z.string().nullish(),
    app: z.object({ slug: z.string().nullish() }).nullish(),
  }),
  requested_action: z.object({ identifier: z.string() }),
})

export function narrowCheckRuns(from: unknown, slug: string): Narrowing {
  const relevant = anyAction.safeParse(from)
  if (!relevant.success) return 'malformed'
  if (relevant.data.action !== 'requested_action') return []
  const parsed = pressed.safeParse(from)
  if (!parsed.success) return 'malformed'
  const { check_run: run, requested_action: action, repository, sender: actor } = parsed.data
  if (run.app?.slug !== slug || actor?.kind !== 'person') return []
  const button = BUTTONS.find(({ identifier }) => identifier === action.identifier)
  // The id that we gave it: `<repository>-<issue>:<head>`.
  const [, repo, issue, head] = /^(\d+)-(\d+):([0-9a-f]{40})$/.exec(run.external_id ?? '') ?? []
  if (button === undefined || Number(repo) !== repository.id || head !== run.head_sha) return []
  return [
    {
      to: 'issue',
      repo: addressOf(parsed.data),
      issue: issueId(Number(issue)),
      fact: {
        kind: 'ordered',
        command: button.command,
        route: 'button',
        actor,
        head: run.head_sha,
      },
    },
  ]
}
