/** Who may start work, and what everybody else is told: courteously, once, and with nothing half done. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { HELLO } from './support/issues.ts'
import { MAINTAINER, READER, WAITING_CHECK, openYard } from './support/yard.ts'
import type { Yard } from './support/yard.ts'

describe('a label that starts nothing', () => {
  let yard: Yard
  beforeAll(async () => {
    yard = await openYard({
      operator:
        'profiles: { patch: { command: "builtin:patch" }, other: { command: "builtin:patch" } }\ndefault_profile: patch\n',
    })
  })
  afterAll(async () => yard.close())

  const nothingStarted = async (repo: string, number: number): Promise<void> => {
    await yard.settled()
    expect(await yard.attempts(repo, number)).toEqual([])
    expect(yard.emulator.pulls(repo)).toEqual([])
    expect(
      yard.emulator.labels({ repo, number }).filter((label) => label.startsWith('yard:')),
    ).toEqual([])
  }

  it('was set by a person who may only triage: one comment says who can', async () => {
    const repo = await yard.repository()
    yard.emulator.createUser({ login: 'tom', name: 'Tom' })
    yard.emulator.addCollaborator(repo, 'tom', 'triage')
    const number = yard.issue(repo, HELLO)
    yard.label(repo, number, 'tom')
    await yard.says(repo, number, 'tom')
    yard.emulator.unlabel({ repo, number, as: 'tom', label: 'yardmaster' })
    yard.label(repo, number, 'tom')
    await nothingStarted(repo, number)
    expect(yard.comments(repo, number)).toHaveLength(1)
  })

  it('was set by an issue form that a stranger filled in', async () => {
    const repo = await yard.repository()
    const { number } = yard.emulator.openIssue({
      repo,
      as: READER,
      title: 'From a form',
      body: HELLO,
      labels: ['yardmaster'],
      viaForm: true,
    })
    await yard.says(repo, number, /may not|write access|cannot/i)
    await nothingStarted(repo, number)
  })

  it('names a profile that does not exist: the comment names those that do', async () => {
    const repo = await yard.repository()
    const number = yard.issue(repo, HELLO)
    yard.label(repo, number, MAINTAINER, 'yardmaster:gpt')
    const comment = await yard.says(repo, number, 'gpt')
    expect(comment).toContain('patch')
    await nothingStarted(repo, number)
  })

  it('asks for two profiles at once; taken off and set once, it starts', async () => {
    const repo = await yard.repository()
    const number = yard.issue(repo, HELLO)
    await yard.emulator.webhooks.knobs.silently(() =>
      yard.label(repo, number, MAINTAINER, 'yardmaster:other'),
    )
    yard.label(repo, number, MAINTAINER, 'yardmaster:patch')
    await yard.says(repo, number, 'yardmaster:other')
    await nothingStarted(repo, number)
    for (const label of ['yardmaster:other', 'yardmaster:patch'])
      yard.emulator.unlabel({ repo, number, as: MAINTAINER, label })
    yard.label(repo, number, MAINTAINER, 'yardmaster:patch')
    await yard.becomes(repo, number, 'in-review')
  })

  it('is on a closed issue', async () => {
    const repo = await yard.repository()
    const number = yard.issue(repo, HELLO)
    yard.emulator.closeIssue({ repo, number, as: MAINTAINER })
    yard.label(repo, number)
    await nothingStarted(repo, number)
  })

  it('is another label', async () => {
    const repo = await yard.repository()
    const number = yard.issue(repo, HELLO)
    yard.label(repo, number, MAINTAINER, 'bug')
    await nothingStarted(repo, number)
    expect(await yard.task(repo, number)).toBeNull()
  })

  it('loses its force with the person: whoever lost write access before the push publishes nothing', async () => {
    const repo = await yard.repository({ files: { 'check.sh': WAITING_CHECK } })
    yard.emulator.createUser({ login: 'wanda', name: 'Wanda' })
    yard.emulator.addCollaborator(repo, 'wanda', 'write')
    const number = yard.issue(repo, HELLO)
    yard.label(repo, number, 'wanda')
    await yard.until(
      'the checks run',
      async () => (await yard.attempts(repo, number))[0]?.phase === 'verifying',
    )
    yard.emulator.setRole(repo, 'wanda', 'read')
    await yard.letGo()
    await yard.until(
      'it failed',
      async () => (await yard.task(repo, number))?.state.kind === 'failed',
    )
    const task = await yard.task(repo, number)
    expect(task?.state).toMatchObject({
      kind: 'failed',
      reason: expect.stringContaining('no write access any more'),
    })
    expect(yard.emulator.pulls(repo)).toEqual([])
  })
})
