import { describe, expect, test } from 'vitest'
import { UNREADABLE_CONFIG } from '../../src/domain/repository.ts'
import { readRepoPolicy } from '../../src/policy/repo-file.ts'
import { exampleRepoFile } from '../../src/render/example-file.ts'

/** The problems as an operator's terminal shows them: `line path: message`. */
function problems(text: string): readonly string[] {
  const policy = readRepoPolicy(text)
  if (policy.kind !== 'broken') throw new Error(`expected problems, but it is ${policy.kind}`)
  return policy.problems.map(({ line, path, message }) => `${line ?? '-'} ${path}: ${message}`)
}

describe('a file that can be used', () => {
  test('may be empty: every key has a default', () => {
    expect(readRepoPolicy('# nothing but this\n')).toEqual({
      kind: 'ready',
      settings: {
        trigger: 'yardmaster',
        agent: null,
        board: null,
        budget: {
          task: { cost: 5, tokens: 10_000_000 },
          day: { cost: 50, tokens: 100_000_000 },
        },
        setup: [],
        verify: [],
        draft: false,
        remindHours: [4, 24],
        commands: 'bare',
        testProof: true,
        ownApproval: true,
        protected: ['.github/**', 'CODEOWNERS', '**/.npmrc', '**/.husky/**'],
        reviewers: [],
        reviewerCapacity: 5,
        digest: true,
        limits: {
          parallel: 3,
          attempts: 3,
          minutes: 60,
          stallMinutes: 10,
          openReviews: 10,
          ciFixes: 2,
        },
      },
    })
  })

  test('may be the whole example of the guide, keys without effect included', () => {
    const policy = readRepoPolicy(`
trigger: yardmaster
agent: claude                # a profile of the operator
setup: [npm ci]
verify: [npm test]
limits: { parallel: 3, attempts: 3, minutes: 60, stall_minutes: 10, open_reviews: 10, ci_fixes: 2 }
budget: { task: 5, day: 50 }
protected: [".github/**", "CODEOWNERS", "**/.npmrc", "**/.husky/**"]
board: { project: 7, status: { queued: Todo, working: In Progress, needs-answer: Blocked, needs-review: In Review, done: Done } }
commands: bare
`)
    expect(policy).toMatchObject({
      kind: 'ready',
      settings: { agent: 'claude', setup: ['npm ci'], verify: ['npm test'] },
    })
  })

  test('is what the status comment proposes to commit', () => {
    const options = { agent: 'patch', setup: ['npm ci'], verify: ['npm test', 'echo "a: b # c"'] }
    expect(readRepoPolicy(exampleRepoFile(options))).toMatchObject({
      kind: 'ready',
      settings: options,
    })
    expect(exampleRepoFile({ agent: null, setup: [], verify: [] })).toMatchInlineSnapshot(`
      "setup: []                                          # for example [npm ci]
      verify: []                                         # for example [npm test]
      limits: { parallel: 3, attempts: 3, minutes: 60 }  # tasks at once, tries for each, minutes for a try
      "
    `)
  })

  test('may use an anchor', () => {
    expect(readRepoPolicy('setup: &x [npm ci]\nverify: *x')).toMatchObject({
      settings: { verify: ['npm ci'] },
    })
  })
})

test('a repository without the file has no policy', () => {
  expect(readRepoPolicy(null)).toEqual({ kind: 'missing' })
})

test('a file that is no text is broken as a whole', () => {
  expect(readRepoPolicy(UNREADABLE_CONFIG)).toEqual({
    kind: 'broken',
    problems: [
      {
        line: null,
        path: '',
        message: 'it cannot be read as text; make it a small plain text file',
      },
    ],
  })
})

describe('a problem names line, key, what is accepted, and the likely spelling', () => {
  const cases: readonly (readonly [text: string, said: string])[] = [
    [
      'agent: claude\nverfiy: [npm test]',
      '2 verfiy: there is no such key (did you mean verify?); the keys here are trigger, agent, setup, verify, draft, limits, questions, budget, protected, test_proof, own_approval, reviewers, reviewer_capacity, digest, board, commands',
    ],
    [
      'limits:\n  parallel: 2\n  minuts: 3',
      '3 limits.minuts: there is no such key (did you mean minutes?); the keys here are parallel, attempts, minutes, stall_minutes, open_reviews, ci_fixes',
    ],
    ['limits: { parallel: 0 }', '1 limits.parallel: must be a whole number from 1 to 50, but is 0'],
    [
      'limits: { minutes: soon }',
      '1 limits.minutes: must be a number from 0.05 to 1440, but is "soon"',
    ],
    [
      'commands: prefixd',
      '1 commands: must be bare or prefixed, but is "prefixd" (did you mean prefixed?)',
    ],
    ['setup: npm ci', '1 setup: must be a list of commands, such as [npm ci], but is "npm ci"'],
    ['verify:', '1 verify: must be a list of commands, such as [npm test], but is empty'],
    [
      'verify:\n  - npm test\n  - ""',
      '3 verify.2: must be a command of at most 2000 characters, such as npm test, but is ""',
    ],
    ['draft: yes', '1 draft: must be true or false, but is "yes"'],
    ['budget: { task: 0 }', '1 budget.task: must be a number from 0.01 to 10000, but is 0'],
    [
      'trigger: yard',
      '1 trigger: must be a word of at most 24 letters, digits, dots, dashes or underscores that begins with a letter and is not "yard" (the status labels use that), but is "yard"',
    ],
    [
      'agent: Claude Code',
      '1 agent: must be the name of one of the operator’s profiles, but is "Claude Code"',
    ],
    ['board: {}', '1 board.project: must be a whole number from 1 to 1000000000, but is empty'],
    [
      'profiles: { evil: { command: [sh] } }',
      '1 profiles: there is no such key; the keys here are trigger, agent, setup, verify, draft, limits, questions, budget, protected, test_proof, own_approval, reviewers, reviewer_capacity, digest, board, commands',
    ],
    [
      '__proto__: { trigger: x }',
      '1 __proto__: there is no such key; the keys here are trigger, agent, setup, verify, draft, limits, questions, budget, protected, test_proof, own_approval, reviewers, reviewer_capacity, digest, board, commands',
    ],
    ['agent: a\nagent: b', '2 : this key is written twice; keep one of them'],
    ['limits:\n\tparallel: 2', '2 : a tab is used for indentation; YAML wants spaces'],
    ['a: 1\n---\nb: 2', '2 : the file holds several documents ("---"); keep one'],
    ['agent: !!js/function x', '1 : tags ("!…") are not accepted here; write a plain value'],
    [
      '- npm test',
      '- : the file must be a mapping of keys to values, such as "verify: [npm test]"',
    ],
    ['['.repeat(5_000), '1 : this is nested too deeply'],
    [`# ${'x'.repeat(70_000)}`, '- : the file has 69 KiB; at most 64 KiB are read'],
    [
      `setup: &a [npm ci]\nverify: [${'*a, '.repeat(30)}]`,
      '- : the file repeats itself by more than 20 aliases; write it out instead',
    ],
  ]
  test.each(cases)('%#', (text, said) => {
    expect(problems(text)).toEqual([said])
  })

  test('and all of them are told at once, in the order of the file', () => {
    const lines = problems('verfiy: []\nlimits: { attempts: 99 }\ncommands: 7').map((line) =>
      line.charAt(0),
    )
    expect(lines).toEqual(['1', '2', '3'])
  })

  test('however long the wrong value is', () => {
    const [said = ''] = problems(`commands: ${'x'.repeat(5_000)}`)
    expect(said.length).toBeLessThan(200)
  })
})

test('nested aliases that would fill memory are refused quickly', () => {
  const bomb = Array.from(
    { length: 12 },
    (_, n) => `k${n}: &a${n} [${n === 0 ? 'x' : `*a${n - 1}, `.repeat(9)}]`,
  )
  expect(problems(bomb.join('\n'))).toHaveLength(1)
})
