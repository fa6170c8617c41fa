/** The three nevers, as far as text and types can show them: no merge, no approval, no borrowed authority. */
import { describe, expect, expectTypeOf, it } from 'vitest'
import type { ActDetail } from '../../src/domain/act.ts'
import { readModules } from './read-modules.ts'
import type { Module } from './read-modules.ts'

const product = readModules('src').filter((module) => !module.path.startsWith('src/emulator/'))

const saying = (pattern: RegExp): readonly string[] =>
  product.flatMap((module: Module) =>
    [...module.code.matchAll(pattern)].map((match) => `${module.path}: ${match[0]}`),
  )

/** What would do it, in the words of Octokit, GraphQL, REST and git; `caught` proves that the pattern can fail. */
const NEVERS = [
  {
    what: 'merges',
    pattern:
      /\bpulls\.merge\b|\brepos\.merge(Upstream)?\b|\/merges?(?=['"`])|\bmergePullRequest\b|\bmergeBranch\b|\/merge-upstream\b/g,
    caught: [
      'octokit.rest.pulls.merge({})',
      "'PUT /repos/{owner}/{repo}/pulls/{pull_number}/merge'",
      'mutation { mergePullRequest }',
    ],
  },
  {
    what: 'lets GitHub merge',
    pattern: /\benqueuePullRequest\b|\b(en|dis)ablePullRequestAutoMerge\b|\bauto_?[mM]erge\b/g,
    caught: ['enablePullRequestAutoMerge(input: $input)', 'enqueuePullRequest'],
  },
  {
    what: 'marks a pull request ready',
    pattern: /\bmarkPullRequestReadyForReview\b|\bready_for_review\b/g,
    caught: ['markPullRequestReadyForReview'],
  },
  {
    what: 'reviews or approves',
    pattern:
      /\b(create|submit)Review\b|\b(add|submit)PullRequestReview\b|['"`]APPROVE['"`]|\bapproveWorkflowRun\b|POST [^'"`\s]*\/reviews\b/g,
    caught: ['pulls.createReview({})', "event: 'APPROVE'", 'POST /repos/o/r/pulls/1/reviews'],
  },
  {
    what: 'deletes or moves refs over the API',
    pattern: /\b(delete|update)Refs?\b|(DELETE|PATCH) [^'"`\s]*\/git\/refs/g,
    caught: ['octokit.rest.git.deleteRef({})', 'DELETE /repos/o/r/git/refs/heads/x'],
  },
  {
    what: 'pushes by plain force, or everything',
    pattern:
      /['"`](--force|--mirror|--all|--tags|--no-verify|--delete)['"`](?=[^\n]*push)|push['"`][^\n]*['"`](--force|-f|--mirror|--all|--tags|--no-verify|--delete)['"`]/g,
    caught: ["['push', '--force', url]", "['push', '--mirror']"],
  },
  {
    what: 'trusts what GitHub says of an author',
    pattern: /author_association|authorAssociation/g,
    caught: ['comment.author_association', 'authorAssociation'],
  },
] as const

describe('what Yardmaster never does', () => {
  it('has exactly these acts; a new one is a decision, not an accident', () => {
    expectTypeOf<ActDetail['kind']>().toEqualTypeOf<
      | 'push'
      | 'open-pull'
      | 'comment'
      | 'react'
      | 'answer-remark'
      | 'ask-review'
      | 'assign-review'
      | 'wake'
    >()
    const acts = product.find((module) => module.path === 'src/domain/act.ts')?.code ?? ''
    const kinds = [...acts.matchAll(/readonly kind: '([a-z-]+)'/g)].map((match) => match[1])
    expect(kinds).toEqual([
      'push',
      'open-pull',
      'comment',
      'react',
      'answer-remark',
      'ask-review',
      'assign-review',
      'wake',
    ])
  })

  it.each(NEVERS)('never $what', ({ pattern, caught }) => {
    for (const words of caught) expect(words).toMatch(new RegExp(pattern.source))
    expect(saying(pattern)).toEqual([])
  })

  it('asks for no permission that would let it', async () => {
    const { textOf } = await import('./read-modules.ts')
    const manifest = textOf('app.yml')
    const asked = [...manifest.matchAll(/^ {2}([a-z_]+): (read|write|admin)\b/gm)].map(
      (match) => match[1],
    )
    expect(asked).toContain('issues')
    const never = ['workflows', 'administration', 'secrets', 'environments', 'members', 'actions']
    expect(asked.filter((name) => name !== undefined && never.includes(name))).toEqual([])
  })
})
