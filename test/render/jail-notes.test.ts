/** What the surfaces say of the sandbox: that there is none, in every state, and what it has refused. */
import { describe, expect, it } from 'vitest'
import type { StateKind, TaskState } from '../../src/domain/task.ts'
import { statusComment } from '../../src/render/status.ts'
import { harms } from './harms.ts'
import { ATTEMPT, HEAD, NOW, attempt, report, result, statusView, task } from './sample.ts'

const PULL = { number: 13, url: 'https://github.com/acme/shop/pull/13', head: HEAD }
const STATES: Readonly<Record<StateKind, TaskState>> = {
  blocked: { kind: 'blocked', by: [] },
  queued: { kind: 'queued' },
  held: { kind: 'held', by: 'ana', reason: 'wait' },
  running: { kind: 'running', attempt: ATTEMPT },
  publishing: { kind: 'publishing' },
  parked: { kind: 'parked', question: 'q' },
  gated: { kind: 'gated', gate: 'g' },
  retrying: { kind: 'retrying', failures: 1, at: NOW },
  'in-review': { kind: 'in-review', pull: PULL },
  done: { kind: 'done', reason: 'merged' },
  failed: { kind: 'failed', reason: 'it gave up' },
  cancelled: { kind: 'cancelled', reason: 'the label is gone' },
}

const WARNING = 'The agent and the checks run without a sandbox.'

describe('a status comment', () => {
  it.each(Object.entries(STATES))(
    'of a task that is %s warns where there is no sandbox',
    (_, state) => {
      const shown = (jailKind: 'none' | 'bwrap' | 'podman') =>
        statusComment(statusView({ jailKind, task: task({ state }) }))
      expect(shown('none')).toContain(WARNING)
      expect(shown('bwrap')).not.toContain(WARNING)
      expect(shown('podman')).not.toContain(WARNING)
    },
  )

  it('lists what agent and checks were refused, each once, and what to do', () => {
    const last = report({
      denied: ['evil.example:443', 'registry.npmjs.org:443'],
      setup: [result({ denied: ['registry.npmjs.org:443'] })],
      verify: [result({ denied: ['pypi.org:443'] })],
    })
    const view = statusView({ attempts: [attempt({ endedAt: NOW, report: last })] })
    expect(statusComment(view)).toContain(
      '- Not let through by the network policy: `evil.example:443`, `registry.npmjs.org:443`, `pypi.org:443`. The operator can add hosts to `allow`.',
    )
  })

  it('is not filled by an agent that tries everything, nor harmed by its words', () => {
    const denied = Array.from({ length: 50 }, (_, n) => `h${n}.test:443`)
    const odd = ['`<img src=x>@ana', '](https://evil.example)']
    const view = statusView({
      attempts: [attempt({ endedAt: NOW, report: report({ denied: [...odd, ...denied] }) })],
    })
    const text = statusComment(view)
    expect(text).toContain('h7.test:443` and 42 more.')
    expect(text).not.toContain('h8.test')
    expect(harms(text)).toEqual([])
  })
})
