import { askedInWords } from '../../src/domain/question.ts'
import { describe, expect, test } from 'vitest'
import { instant } from '../../src/domain/ids.ts'
import type { StateKind, TaskState } from '../../src/domain/task.ts'
import { BODY_LIMIT } from '../../src/render/fit.ts'
import { statusComment } from '../../src/render/status.ts'
import { harms } from './harms.ts'
import { ATTEMPT, HEAD, NOW, attempt, report, result, statusView, task } from './sample.ts'

const PULL = { number: 13, url: 'https://github.com/acme/shop/pull/13', head: HEAD }
const ENDED = instant(NOW + 65_000)

describe('the status comment says', () => {
  test('why a queued task does not start', () => {
    const wait = {
      kind: 'no-slot',
      used: 8,
      cap: 8,
      of: { limit: 'tier', tier: 'sonnet' },
      ahead: 0,
    } as const
    expect(statusComment(statusView({ wait }))).toMatchInlineSnapshot(`
      "### Waiting

      No slot: 8 of 8 sonnet busy.

      - [ ] **queued**
      - [ ] worktree
      - [ ] agent
      - [ ] checks
      - [ ] push
      - [ ] pull request

      **Details**

      - Asked for by \`ana\`
      - Works from the title and text as approved: SHA-256 \`d1ce00000000\`

      Next update by 03:40 UTC. Later than that, I am down."
    `)
  })

  test('that another profile stands in for the one that was wished for, while it works and later', () => {
    const standIn = {
      profile: 'codex',
      wished: 'claude',
      reason: 'it is at its limit',
      until: instant(NOW + 3_600_000),
    }
    const running = statusView({
      task: task({ standIn, state: { kind: 'running', attempt: ATTEMPT } }),
      attempts: [attempt({ profile: 'codex', phase: 'agent' })],
    })
    expect(statusComment(running)).toMatch(
      /^The agent is at work, with the profile codex, because claude is at its limit until \d\d:\d\d UTC\.$/m,
    )
    const done = statusView({ task: task({ standIn, state: { kind: 'publishing' } }) })
    expect(statusComment(done)).toContain(
      '- The newest attempt was begun with `codex` in place of `claude`, whose provider was at its limit.',
    )
  })

  test('which file to commit where there is none, with a link that opens it', () => {
    const wait = { kind: 'no-configuration', branch: 'main' } as const
    expect(statusComment(statusView({ wait, nextUpdateBy: null }))).toMatchInlineSnapshot(`
      "### Waiting

      No configuration: commit .github/yardmaster.yml to main.

      Nothing runs in this repository before it says how. [Create \`.github/yardmaster.yml\` on \`main\`](https://github.com/acme/shop/new/main?filename=.github/yardmaster.yml), for example like this, with your own commands:

      \`\`\`yaml
      setup: []                                          # for example [npm ci]
      verify: []                                         # for example [npm test]
      limits: { parallel: 3, attempts: 3, minutes: 60 }  # tasks at once, tries for each, minutes for a try
      \`\`\`

      Once it is there, this task starts by itself.

      - [ ] **queued**
      - [ ] worktree
      - [ ] agent
      - [ ] checks
      - [ ] push
      - [ ] pull request

      **Details**

      - Asked for by \`ana\`
      - Works from the title and text as approved: SHA-256 \`d1ce00000000\`"
    `)
  })

  test('which lines to mend where the file is broken', () => {
    const problems = [
      { line: 3, path: 'limits.minuts', message: 'there is no such key (did you mean minutes?)' },
      { line: null, path: '', message: 'a | pipe, <b>, @ana' },
    ]
    const wait = { kind: 'broken-configuration', branch: 'main', problems } as const
    const comment = statusComment(statusView({ wait }))
    expect(comment).toContain(
      '| 3 | `limits.minuts` | there is no such key (did you mean minutes?) |',
    )
    expect(comment).toContain('|  |  | a \\| pipe, &lt;b&gt;, `@ana` |')
    expect(comment).toContain('https://github.com/acme/shop/edit/main/.github/yardmaster.yml')
  })

  test('what the agent is doing, and that it runs without a sandbox', () => {
    const progress = {
      message: 'Reading @types/x\n/merge',
      plan: [
        { text: 'Read the code', status: 'completed' },
        { text: 'Write the <test>', status: 'in_progress' },
      ],
      usage: { tokens: 12_345, cost: null },
      at: NOW,
    } as const
    const view = statusView({
      jailKind: 'none',
      task: task({ state: { kind: 'running', attempt: ATTEMPT }, attempts: 1 }),
      attempts: [attempt({ phase: 'agent', progress })],
    })
    expect(statusComment(view)).toMatchInlineSnapshot(`
      "### Working, attempt 1

      The agent is at work.

      - [x] queued
      - [x] worktree
      - [ ] **agent**
      - [ ] checks
      - [ ] push
      - [ ] pull request

      Agent: Reading \`@types/x\` /merge

      **The agent’s plan**

      - [x] Read the code
      - [ ] Write the &lt;test&gt;

      | Attempt | Profile | End | Took |
      | --- | --- | --- | --- |
      | 1 | \`patch\` | the agent is at work |  |

      **Details**

      - Asked for by \`ana\`
      - Works from the title and text as approved: SHA-256 \`d1ce00000000\`
      - Used: 12,345 tokens, cost unknown.
      - The agent and the checks run without a sandbox.

      Next update by 03:40 UTC. Later than that, I am down."
    `)
  })

  test('which evidence the pull request stands on', () => {
    const done = report({ usage: { tokens: 5_000, cost: 0.5 } })
    const view = statusView({
      nextUpdateBy: null,
      task: task({
        state: { kind: 'in-review', pull: PULL },
        pull: PULL,
        pushed: HEAD,
        report: done,
        edited: true,
      }),
      attempts: [attempt({ endedAt: ENDED, report: done })],
    })
    expect(statusComment(view)).toMatchInlineSnapshot(`
      "### Pull request #13 waits for review

      Its head is abc1234. Yardmaster never merges: that is yours.

      - [x] queued
      - [x] worktree
      - [x] agent
      - [x] checks
      - [x] push
      - [x] pull request

      **Evidence**

      - \`npm test\` passed on abc1234 in 3.2 s.

      | Attempt | Profile | End | Took |
      | --- | --- | --- | --- |
      | 1 | \`patch\` | completed | 1 min 5 s |

      **Details**

      - Pull request: [#13](https://github.com/acme/shop/pull/13)
      - Asked for by \`ana\`
      - Works from the title and text as approved: SHA-256 \`d1ce00000000\`
      - The issue was edited since. To have the new text worked, take the label off and set it again.
      - Branch: [\`yardmaster/12\`](https://github.com/acme/shop/tree/yardmaster/12)
      - Used: 5,000 tokens, $0.50."
    `)
  })

  test('how a task failed, with the output folded away and the agent’s question shown', () => {
    const red = report({
      end: { kind: 'failed', failure: 'verify' },
      error: 'verify: `npm test` ended with exit code 1',
      verify: [result({ exitCode: 1, output: 'boom\n```\n/merge fixes #3\n</details>' })],
      question: askedInWords('Which database, @ana?'),
    })
    const view = statusView({
      nextUpdateBy: null,
      task: task({
        state: { kind: 'failed', reason: `${red.error} (attempt 3 of 3)` },
        report: red,
      }),
      attempts: [attempt({ endedAt: ENDED, report: red })],
    })
    expect(statusComment(view)).toMatchInlineSnapshot(`
      "### Failed

      Verify: \`npm test\` ended with exit code 1 (attempt 3 of 3).

      \`npm test\` failed on abc1234 with exit code 1 after 3.2 s.

      <details><summary>Output of <code>npm test</code></summary>

      \`\`\`\`
      boom
      \`\`\`
       /merge fixes issue #3
      </details>
      \`\`\`\`

      </details>

      | Attempt | Profile | End | Took |
      | --- | --- | --- | --- |
      | 1 | \`patch\` | the checks were red: verify: \`npm test\` ended with exit code 1 | 1 min 5 s |

      **Details**

      - Asked for by \`ana\`
      - Works from the title and text as approved: SHA-256 \`d1ce00000000\`
      - Used: tokens unknown, cost unknown."
    `)
  })

  test('by when the next word comes only while something is under way', () => {
    expect(statusComment(statusView())).toContain(
      'Next update by 03:40 UTC. Later than that, I am down.',
    )
    expect(statusComment(statusView({ nextUpdateBy: null }))).not.toContain('I am down')
  })
})

const STATES: Readonly<Record<StateKind, TaskState>> = {
  blocked: { kind: 'blocked', by: [] },
  queued: { kind: 'queued' },
  held: { kind: 'held', by: 'bob', reason: 'the text was edited' },
  running: { kind: 'running', attempt: ATTEMPT },
  publishing: { kind: 'publishing' },
  parked: { kind: 'parked', question: 'Q1' },
  gated: { kind: 'gated', gate: 'G1' },
  retrying: { kind: 'retrying', failures: 1, at: instant(NOW + 600_000) },
  'in-review': { kind: 'in-review', pull: PULL },
  done: { kind: 'done', reason: '@ana merged #13' },
  failed: { kind: 'failed', reason: 'it was red' },
  cancelled: { kind: 'cancelled', reason: '@ana took the label off' },
}

describe('in every state', () => {
  test('its first lines say where the task is and why', () => {
    const heads = Object.values(STATES).map((state) =>
      statusComment(statusView({ task: task({ state, attempts: 1 }) }))
        .split('\n')
        .filter((line) => line !== '')
        .slice(0, 2)
        .join(' → '),
    )
    expect(heads).toMatchInlineSnapshot(`
      [
        "### Blocked → It waits until other work is done.",
        "### Queued → It starts at the next look, within a second or two.",
        "### Held → Held by \`@bob\`: the text was edited.",
        "### Working, attempt 1 → - [x] queued",
        "### Publishing → The checks are done; the branch and the pull request follow.",
        "### A question waits for a person → It holds no slot meanwhile; the work so far is kept.",
        "### A person must approve → - [x] queued",
        "### Trying again at 03:40 UTC → The attempt before failed.",
        "### Pull request #13 waits for review → Its head is abc1234. Yardmaster never merges: that is yours.",
        "### Done → \`@ana\` merged #13.",
        "### Failed → It was red.",
        "### Withdrawn → \`@ana\` took the label off.",
      ]
    `)
  })

  test.each(Object.values(STATES))(
    '$kind: it calls nobody, however often it is edited',
    (state) => {
      expect(harms(statusComment(statusView({ task: task({ state }) })))).toEqual([])
    },
  )
})

test('the same minute later it is the same text, so that looking costs no edit', () => {
  const at = (now: number) => statusComment(statusView({ now: instant(now) }))
  expect(at(NOW + 59_000)).toBe(at(NOW))
})

test('however much there is to say, it fits, and what matters most stays', () => {
  const loud = 'x`\n'.repeat(30_000)
  const red = report({
    end: { kind: 'failed', failure: 'verify' },
    summary: loud,
    error: loud,
    question: askedInWords(loud),
    verify: Array.from({ length: 20 }, (_, n) =>
      result({ command: `check ${n} ${'y'.repeat(5_000)}`, exitCode: 1, output: loud }),
    ),
  })
  const attempts = Array.from({ length: 300 }, (_, n) =>
    attempt({ n: n + 1, endedAt: ENDED, report: red }),
  )
  const comment = statusComment(
    statusView({
      task: task({ title: loud, state: { kind: 'failed', reason: loud }, report: red }),
      attempts,
    }),
  )
  expect(comment.length).toBeLessThanOrEqual(BODY_LIMIT)
  expect(comment).toMatch(/^### Failed/)
  expect(comment).toContain('Some of this was left out')
  expect(comment).toContain('Next update by')
})
