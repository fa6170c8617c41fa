/** Acts as a person would list them, so that tables of decisions read like prose. */
import type { ActDetail } from '../../src/domain/act.ts'
import type { Decision } from '../../src/domain/decide/decision.ts'
import { shortSha } from '../../src/domain/ids.ts'
import type { Reply } from '../../src/domain/reply.ts'
import type { Notice } from '../../src/domain/notice.ts'

export const actsIn = (decided: Decision | null): readonly string[] =>
  (decided?.acts ?? []).map((act) => said(act.detail))

function said(detail: ActDetail): string {
  switch (detail.kind) {
    case 'push': {
      const expected = detail.expected === null ? 'nothing' : shortSha(detail.expected)
      return `push ${shortSha(detail.head)} to ${detail.branch}, where ${expected} is`
    }
    case 'open-pull':
      return `open ${detail.draft ? 'draft' : 'pull'} for ${shortSha(detail.head)} from ${detail.branch}`
    case 'comment':
      return `comment ${noticed(detail.notice)}`
    case 'react':
      return `react ${detail.contents.join(', ')}${detail.when === 'at-once' ? '' : ' once nothing runs'}`
    case 'answer-remark':
      return `answer remark ${detail.comment}: ${detail.head === null ? `not, ${detail.why}` : shortSha(detail.head)}`
    case 'ask-review':
      return `ask ${detail.login} to look at ${shortSha(detail.head)}`
    case 'assign-review':
      return `ask somebody to look at #${detail.pull}`
    case 'wake':
      return `wake for ${detail.timer}`
    default:
      return detail satisfies never
  }
}

function noticed(notice: Notice): string {
  switch (notice.kind) {
    case 'refused':
      return `refused (${notice.why}) to ${notice.login ?? 'nobody'}`
    case 'two-profiles':
      return `two-profiles: ${notice.labels.join(', ')}`
    case 'unknown-profile':
      return `unknown-profile: ${notice.name}, of ${notice.known.join(', ')}`
    case 'question':
    case 'reminder':
    case 'how-to-answer':
      return `${notice.kind} Q${notice.question.n} to ${notice.login}: ${notice.question.text}`
    case 'revision-failed':
      return `revision-failed to ${notice.login}: ${notice.reason}`
    case 'failed-alike':
      return `failed-alike to ${notice.login ?? 'nobody'}: ${notice.issues.join(', ')}`
    case 'failed':
      return `failed to ${notice.login}: ${notice.reason}`
    case 'reply':
      return `reply to ${notice.login}: ${notice.replies.map(replied).join('; ')}`
    case 'breaker':
      return `breaker to ${notice.login ?? 'nobody'}`
    case 'gate':
      return `gate to ${notice.login}: ${shortSha(notice.gate.head)} changes ${notice.gate.paths.join(', ')}`
    case 'withheld':
      return `withheld to ${notice.login}: ${notice.withheld.paths.join(', ')}${notice.alone ? ' alone' : ''}`
    default:
      return notice satisfies never
  }
}

function replied(reply: Reply): string {
  switch (reply.kind) {
    case 'help':
    case 'status':
    case 'edited':
      return reply.kind
    case 'misread':
      return `misread (${reply.reading.refused.map(({ kind }) => kind).join(', ')})`
    case 'forbidden':
      return `forbidden ${reply.refusal.name}`
    case 'refused':
      return `no ${reply.name} (${reply.because.kind})`
    default:
      return reply satisfies never
  }
}
