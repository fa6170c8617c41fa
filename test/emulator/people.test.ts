// Verbs act as a named person and refuse what that person's role may not do.
import { expect, test } from 'vitest'
import { scene } from './support/github.ts'

const AT = { repo: 'acme/shop', number: 1 }

test('a reader opens and comments, and may not label, edit others or push', async () => {
  const { github } = await scene()
  github.openIssue({ repo: 'acme/shop', as: 'ben', title: 'a' })
  github.comment({ ...AT, as: 'ria', body: 'me too' })
  expect(() => github.label({ ...AT, as: 'ria', label: 'bug' })).toThrow(
    'ria has role read in acme/shop and needs triage',
  )
  expect(() => github.editIssue({ ...AT, as: 'ria', title: 'b' })).toThrow('needs write')
  expect(() => github.closeIssue({ ...AT, as: 'ria' })).toThrow('needs triage')
  expect(() =>
    github.openIssue({ repo: 'acme/shop', as: 'ria', title: 'c', labels: ['bug'] }),
  ).toThrow('needs triage')
  await expect(
    github.pushFiles({
      repo: 'acme/shop',
      as: 'ria',
      branch: 'x',
      files: { a: 'a' },
      message: 'a',
    }),
  ).rejects.toThrow('needs write')
})

test('an issue form labels for anyone, and the author is the one who labelled', async () => {
  const { github, hooks } = await scene()
  github.openIssue({
    repo: 'acme/shop',
    as: 'ria',
    title: 'a',
    labels: ['yardmaster'],
    viaForm: true,
  })
  await github.whenIdle()
  expect(
    hooks.map(({ payload }) => [
      payload['action'],
      (payload['sender'] as { login: string } | undefined)?.login,
    ]),
  ).toEqual([
    ['opened', 'ria'],
    ['labeled', 'ria'],
  ])
  expect(hooks[0]?.payload).toMatchObject({ issue: { labels: [{ name: 'yardmaster' }] } })
})

test('a bot with a role labels, and is told to be a bot', async () => {
  const { github, hooks } = await scene()
  github.createUser({ login: 'triage[bot]', type: 'Bot' })
  github.setRole('acme/shop', 'triage[bot]', 'triage')
  github.openIssue({ repo: 'acme/shop', as: 'ria', title: 'a' })
  github.label({ ...AT, as: 'triage[bot]', label: 'bug' })
  await github.whenIdle()
  expect(hooks.at(-1)?.payload).toMatchObject({ sender: { login: 'triage[bot]', type: 'Bot' } })
})

test('who has no role in a private repository sees nothing of it', async () => {
  const { github } = await scene()
  github.createUser({ login: 'eve' })
  expect(() => github.openIssue({ repo: 'acme/shop', as: 'eve', title: 'a' })).toThrow('404')
  github.setRole('acme/shop', 'ben', 'read')
  expect(() => github.label({ ...AT, as: 'ben', label: 'bug' })).toThrow('404')
  expect(() => github.protectBranch({ repo: 'acme/shop', as: 'ben', branch: 'main' })).toThrow(
    'needs admin',
  )
})
