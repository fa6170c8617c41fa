/** Whether GitHub knows the App, grants what it needs, and reaches it. Facts in, lines out. */
import type { CredentialCheck } from '../../github/identity.ts'
import { bad, ok, warn } from './line.ts'
import type { Line } from './line.ts'

export type CredentialFacts =
  | CredentialCheck
  /** There are none, or they cannot be read (which the environment's lines tell). */
  | { readonly kind: 'none' }
  | { readonly kind: 'unreachable'; readonly reason: string }

export function judgeCredentials(facts: CredentialFacts, apiUrl: string): readonly Line[] {
  switch (facts.kind) {
    case 'none':
      return [
        warn(
          'credentials',
          'there is no GitHub App yet',
          '`yardmaster start` shows the page that makes one; `yardmaster emulator` needs none.',
        ),
      ]
    case 'unreachable':
      return [bad('credentials', `${apiUrl} cannot be reached`, facts.reason)]
    case 'refused':
      return [
        bad(
          'credentials',
          `GitHub refuses them: ${facts.reason}`,
          "Compare APP_ID with the App's settings page; if it is right, generate a new private key there.",
        ),
      ]
    case 'accepted':
      return [ok('credentials', `GitHub knows the App ${facts.slug}`), ...judgeGrants(facts)]
    default:
      return facts satisfies never
  }
}

type Accepted = Extract<CredentialCheck, { readonly kind: 'accepted' }>

function judgeGrants({ missingPermissions, missingEvents, dangerous }: Accepted): readonly Line[] {
  return [
    missingPermissions.length === 0
      ? ok('permissions', 'all that it needs')
      : bad(
          'permissions',
          `missing: ${missingPermissions.join(', ')}`,
          "Grant them on the App's settings page (Permissions & events), then accept them in each installation.",
        ),
    ...(dangerous.length === 0
      ? []
      : [
          warn(
            'permissions',
            `more than it needs: ${dangerous.join(', ')}`,
            "Take them away on the App's settings page: what it cannot do, nobody can make it do.",
          ),
        ]),
    missingEvents.length === 0
      ? ok('events', 'subscribed to all that it uses')
      : warn(
          'events',
          `not subscribed: ${missingEvents.join(', ')}`,
          "Tick them on the App's settings page; until then Yardmaster finds these changes only when it looks.",
        ),
  ]
}

export interface WebhookFacts {
  /** Null: none is set. */
  readonly url: string | null
  readonly hasSecret: boolean
  readonly json: boolean
  /** Newest first; null when they could not be read. */
  readonly deliveries: readonly { readonly status: number; readonly at: string }[] | null
}

const PATH = '/api/github/webhooks'

export function judgeWebhook(facts: WebhookFacts): readonly Line[] {
  const { url } = facts
  if (url === null || !URL.canParse(url) || new URL(url).hostname.endsWith('.invalid')) {
    return [
      warn(
        'webhook',
        'no address is set, so Yardmaster looks at GitHub every one to ten minutes',
        `Set Webhook URL on the App's settings page to https://<your host>${PATH} and switch it on.`,
      ),
    ]
  }
  return [judgeAddress(new URL(url)), ...judgeSecret(facts), ...judgeDeliveries(facts.deliveries)]
}

function judgeAddress(url: URL): Line {
  if (url.hostname === 'smee.io') {
    return warn(
      'webhook',
      `goes through ${url.href}, which others can read`,
      'Good for development. For real work set an https address of your own.',
    )
  }
  const local = ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname)
  if (url.protocol !== 'https:' && !local) {
    return warn(
      'webhook',
      `${url.href} is not encrypted`,
      'Put it behind https: anyone on the way can read it.',
    )
  }
  return url.pathname.endsWith(PATH)
    ? ok('webhook', url.href)
    : warn(
        'webhook',
        `${url.href} does not end in ${PATH}`,
        'Right only if something in between passes it on to that path.',
      )
}

function judgeSecret({ hasSecret, json }: WebhookFacts): readonly Line[] {
  const lines: Line[] = []
  if (!hasSecret) {
    lines.push(
      bad(
        'webhook secret',
        'GitHub signs with none, so every delivery is refused here',
        "Set it on the App's settings page to the value of WEBHOOK_SECRET.",
      ),
    )
  }
  if (!json) {
    lines.push(
      bad(
        'webhook format',
        'deliveries come as a form',
        "Set Content type to application/json on the App's settings page.",
      ),
    )
  }
  return lines
}

function judgeDeliveries(deliveries: WebhookFacts['deliveries']): readonly Line[] {
  if (deliveries === null) return [warn('deliveries', 'GitHub did not tell how they went', null)]
  const [newest] = deliveries
  if (newest === undefined) return [ok('deliveries', 'none in the last days')]
  const failed = deliveries.filter(({ status }) => status < 200 || status > 299)
  const count = `${failed.length} of the last ${deliveries.length} failed`
  if (failed.length === 0) return [ok('deliveries', `the last ${deliveries.length} arrived`)]
  if (newest.status >= 200 && newest.status <= 299) {
    return [ok('deliveries', `${count}, the newest arrived`)]
  }
  const answer = newest.status === 0 ? 'got no answer' : `was answered with ${newest.status}`
  return [bad('deliveries', `${count}; the newest (${newest.at}) ${answer}`, fixFor(newest.status))]
}

function fixFor(status: number): string {
  if (status === 0) return 'Is Yardmaster running, and can GitHub reach the address?'
  if (status === 400 || status === 401 || status === 403)
    return "WEBHOOK_SECRET and the secret on the App's settings page differ: set both to the same."
  if (status === 404) return `The address must end in ${PATH}.`
  return "See the log of that moment, and Advanced → Recent deliveries on the App's settings page."
}
