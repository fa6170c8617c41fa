/** Webhooks are hints: doubled, lost, out of order, late or forged, the end is the same as if all had come once and in order. */
import { createHmac, randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Delivery } from '../../src/emulator/emulator.ts'
import { createLog } from '../../src/system/log.ts'
import { repoId } from '../../src/domain/ids.ts'
import { HELLO, file } from './support/issues.ts'
import { CONFIG, MAINTAINER, WAITING_CHECK, openYard } from './support/yard.ts'
import type { Yard } from './support/yard.ts'

let yard: Yard
const logged: string[] = []
beforeAll(async () => {
  yard = await openYard({ log: createLog('warn', { write: (line) => void logged.push(line) }) })
})
afterAll(async () => yard.close())

const knobs = () => yard.emulator.webhooks.knobs
const merge = (repo: string, number: number) =>
  yard.emulator.merge({ repo, number, as: MAINTAINER })

/** GitHub tells moments in whole seconds: what must be later than something has to be in another one. */
async function nextSecond(): Promise<void> {
  const second = Math.floor(Date.now() / 1_000)
  await yard.until('the next second', () => Math.floor(Date.now() / 1_000) > second)
}

/** A repository that the reconciler has seen, so that labels set from now on are no longer those of before. */
async function known(words: Parameters<Yard['repository']>[0] = {}): Promise<string> {
  const repo = await yard.repository(words)
  await yard.settled()
  await look()
  await nextSecond()
  return repo
}

const look = () => yard.world.yardmaster().engine.reconcile()

async function once(repo: string, number: number): Promise<void> {
  await yard.settled()
  expect(yard.comments(repo, number)).toHaveLength(1)
  expect(yard.emulator.pulls(repo)).toHaveLength(1)
  expect(yard.emulator.checks(repo)).toHaveLength(1)
  expect(await yard.attempts(repo, number)).toHaveLength(1)
}

describe('deliveries', () => {
  it('that all come twice do everything once', async () => {
    const repo = await yard.repository()
    knobs().doubleNext(1_000)
    const number = yard.issue(repo, HELLO)
    yard.label(repo, number)
    const { state } = await yard.becomes(repo, number, 'in-review')
    await yard.says(repo, number, `#${state.pull.number}`)
    await merge(repo, state.pull.number)
    await yard.becomes(repo, number, 'done')
    await yard.says(repo, number, '### Done')
    await once(repo, number)
    knobs().doubleNext(-1_000)
  })

  it('that come in reverse order end in what the issue wears', async () => {
    const repo = await yard.repository({ files: { 'check.sh': WAITING_CHECK } })
    const number = yard.issue(repo, HELLO)
    await yard.settled()
    knobs().hold()
    yard.label(repo, number)
    await nextSecond()
    yard.emulator.unlabel({ repo, number, as: MAINTAINER, label: 'yardmaster' })
    await nextSecond()
    yard.label(repo, number)
    knobs().release((held) => held.toReversed())
    await yard.settled()
    await yard.until('it is at work', async () =>
      (await yard.attempts(repo, number)).some(({ phase }) => phase === 'verifying'),
    )
    await yard.letGo()
    const { state } = await yard.becomes(repo, number, 'in-review')
    await yard.says(repo, number, `#${state.pull.number}`)
    expect(yard.comments(repo, number)).toHaveLength(1)

    knobs().hold()
    await merge(repo, state.pull.number)
    knobs().release((held) => held.toReversed())
    const done = await yard.becomes(repo, number, 'done')
    expect(done.state.reason).toContain(`@${MAINTAINER}`)
  })

  it.each(['closed', 'unlabelled', 'deleted'] as const)(
    'of a label that come late find the issue %s already, and nothing starts',
    async (how) => {
      const repo = await yard.repository()
      const number = yard.issue(repo, HELLO)
      await yard.settled()
      knobs().hold()
      yard.label(repo, number)
      if (how === 'closed') yard.emulator.closeIssue({ repo, number, as: MAINTAINER })
      else if (how === 'deleted') yard.emulator.deleteIssue({ repo, number, as: MAINTAINER })
      else yard.emulator.unlabel({ repo, number, as: MAINTAINER, label: 'yardmaster' })
      knobs().release((held) => held.toReversed())
      await yard.settled()
      const task = await yard.until('the label was looked at', () => yard.task(repo, number))
      expect(task.state.kind).toBe('cancelled')
      expect(await yard.attempts(repo, number)).toEqual([])
      // What was deleted can show none.
      expect(how === 'deleted' ? [] : yard.comments(repo, number)).toEqual([])
    },
  )

  it('that come again days later, under the old or a new name, change nothing', async () => {
    const repo = await yard.repository()
    const number = yard.issue(repo, HELLO)
    yard.label(repo, number)
    const { state } = await yard.becomes(repo, number, 'in-review')
    await merge(repo, state.pull.number)
    await yard.becomes(repo, number, 'done')
    await yard.says(repo, number, '### Done')
    yard.emulator.reopen({ repo, number, as: MAINTAINER })
    const old = yard.emulator.webhooks.deliveries.filter(
      (one) => one.repositoryId === yard.emulator.repository(repo).id,
    )
    for (const { id } of old) yard.emulator.webhooks.redeliver(id)
    for (const delivery of old) expect(await post(delivery, {})).toBeLessThan(300)
    await once(repo, number)
    expect((await yard.task(repo, number))?.state.kind).toBe('done')
  })

  it('of an installation that come late undo nothing of what was read meanwhile', async () => {
    knobs().dropNext(1)
    const repo = await yard.repository({ files: { 'check.sh': WAITING_CHECK } })
    const late = yard.emulator.webhooks.deliveries.at(-1)
    if (late?.dropped !== true) throw new Error('nothing was dropped')
    const number = yard.issue(repo, HELLO)
    yard.label(repo, number)
    await yard.until('the checks run', async () =>
      (await yard.attempts(repo, number)).some(({ phase }) => phase === 'verifying'),
    )
    const again = yard.emulator.webhooks.redeliver(late.id)
    const { store } = yard.world.yardmaster()
    await yard.until(
      'it was heard',
      async () => again.reply !== null && (await store.pending(1)).length === 0,
    )
    const row = await store.repositories.get(repoId(yard.emulator.repository(repo).id))
    expect(row?.defaultBranch, 'where the pull request is to go').toBe('main')
    await yard.letGo()
    await yard.becomes(repo, number, 'in-review')
  })

  it('that nobody signed, or with another secret, or of another body, are turned away', async () => {
    const repo = await yard.repository()
    const number = yard.issue(repo, HELLO)
    await knobs().silently(() => yard.label(repo, number))
    yard.emulator.unlabel({ repo, number, as: MAINTAINER, label: 'yardmaster' })
    knobs().dropNext(1)
    yard.label(repo, number)
    const delivery = yard.emulator.webhooks.deliveries.at(-1)
    if (delivery === undefined) throw new Error('nothing was to be delivered')
    await yard.settled()
    logged.length = 0
    for (const signature of [null, '', 'sha256=00', sign('development', body(delivery))])
      expect(await post(delivery, { signature })).toBe(400)
    const other = sign(yard.world.app.webhookSecret, `${body(delivery)} `)
    expect(await post(delivery, { signature: other })).toBe(400)
    await yard.settled()
    expect(await yard.task(repo, number)).toBeNull()
    expect(logged.join(''), 'said').toContain('signature does not match')
    for (const line of logged) {
      expect(line, 'and not with the whole delivery').not.toContain('Please add a greeting')
      expect(line.length).toBeLessThan(1_000)
    }
    expect(await post(delivery, {})).toBeLessThan(300)
    await yard.becomes(repo, number, 'in-review')
  })
})

describe('with every webhook lost', () => {
  const silently = <T>(work: () => T | Promise<T>): Promise<T> => knobs().silently(work)

  it('a label, a merge and the closing that follows are found', async () => {
    const repo = await known()
    const number = yard.issue(repo, HELLO)
    await silently(() => yard.label(repo, number))
    await look()
    const { state } = await yard.becomes(repo, number, 'in-review')
    await yard.says(repo, number, `#${state.pull.number}`)
    expect((await yard.task(repo, number))?.wish?.by.login).toBe(MAINTAINER)
    await silently(() => merge(repo, state.pull.number))
    await look()
    await yard.becomes(repo, number, 'done')
    await yard.says(repo, number, '### Done')
    await once(repo, number)
  })

  it('a label of somebody who may not is refused as ever', async () => {
    const repo = await known()
    yard.emulator.createUser({ login: 'tilda' })
    yard.emulator.addCollaborator(repo, 'tilda', 'triage')
    const number = yard.issue(repo, HELLO)
    await silently(() => yard.label(repo, number, 'tilda'))
    await look()
    await yard.says(repo, number, 'tilda')
    expect(await yard.attempts(repo, number)).toEqual([])
  })

  it.each([
    ['a label taken off', 'label-removed'],
    ['a closed issue', 'issue-closed'],
    ['a transferred issue', 'transferred'],
    ['a deleted issue', 'deleted'],
  ] as const)('%s withdraws the work', async (_, what) => {
    const repo = await known({ files: { 'check.sh': WAITING_CHECK } })
    const number = yard.issue(repo, HELLO)
    yard.label(repo, number)
    await yard.until(
      'the checks run',
      async () => (await yard.attempts(repo, number))[0]?.phase === 'verifying',
    )
    await nextSecond()
    const as = MAINTAINER
    const [owner = ''] = repo.split('/')
    const to = what === 'transferred' ? await yard.repository({ owner }) : repo
    await silently(() => {
      if (what === 'label-removed') yard.emulator.unlabel({ repo, number, as, label: 'yardmaster' })
      else if (what === 'issue-closed') yard.emulator.closeIssue({ repo, number, as })
      else if (what === 'transferred') yard.emulator.transferIssue({ repo, number, as, to })
      else yard.emulator.deleteIssue({ repo, number, as })
    })
    await look()
    await yard.becomes(repo, number, 'cancelled')
    await yard.until(
      'its attempt has ended',
      async () => (await yard.attempts(repo, number))[0]?.endedAt !== null,
    )
    expect(yard.emulator.pulls(repo)).toEqual([])
  })

  it('settings that are mended start what waited for them', async () => {
    const repo = await known({ config: 'verify: 7\n' })
    const number = yard.issue(repo, HELLO)
    yard.label(repo, number)
    await yard.says(repo, number, 'verify')
    await silently(() =>
      yard.emulator.pushFiles({
        repo,
        as: MAINTAINER,
        branch: 'main',
        files: { '.github/yardmaster.yml': CONFIG },
        message: 'Mend',
      }),
    )
    await look()
    await yard.becomes(repo, number, 'in-review')
  })

  it('a text that was edited after the label is held, and the comment says so; set again, the new text is worked', async () => {
    const repo = await known()
    const number = await editedAfterLabel(repo)
    const { wish } = await yard.becomes(repo, number, 'held')
    await yard.says(repo, number, 'the text was edited after the label was set')
    expect(await yard.attempts(repo, number)).toEqual([])
    // A wish that was found counts as some seconds later, because its webhook may still come.
    await yard.until('nobody takes it for the same label', () => Date.now() > (wish?.at ?? 0))
    await nextSecond()
    yard.emulator.unlabel({ repo, number, as: MAINTAINER, label: 'yardmaster' })
    yard.label(repo, number)
    const { state } = await yard.becomes(repo, number, 'in-review')
    const files = await yard.emulator.pullFiles({ repo, number: state.pull.number })
    expect(files.map((each) => each.filename)).toEqual(['new.txt'])
  })
})

/** An issue whose label and later edit nobody told of. A pass that came between the two saw the label alone: then anew. */
async function editedAfterLabel(repo: string): Promise<number> {
  return yard.until('no pass comes between label and edit', async () => {
    const number = yard.issue(repo, HELLO)
    await knobs().silently(async () => {
      yard.label(repo, number)
      await nextSecond()
      yard.emulator.editIssue({ repo, number, as: MAINTAINER, body: file('new.txt', 'New.') })
    })
    await look()
    await yard.settled()
    return (await yard.task(repo, number))?.state.kind === 'held' ? number : null
  })
}

describe('at first sight of a repository', () => {
  it('the issues that wear the label already are listed and not started; set again, the label counts', async () => {
    const { emulator, world } = yard
    const repo = `${MAINTAINER}/older`
    const files = { 'check.sh': 'exit 0\n', '.github/yardmaster.yml': CONFIG }
    await emulator.createRepository({ owner: MAINTAINER, name: 'older', files })
    const number = yard.issue(repo, HELLO)
    yard.label(repo, number)
    await nextSecond()
    emulator.install(world.app, [repo])
    await yard.settled()
    for (const _ of ['first sight', 'a second look']) await look()
    await yard.settled()
    const row = (await world.yardmaster().store.repositories.all()).find(
      ({ name }) => name === 'older',
    )
    expect(row?.foundLabelled).toEqual([number])
    expect(await yard.task(repo, number)).toBeNull()
    expect(yard.comments(repo, number)).toEqual([])
    emulator.unlabel({ repo, number, as: MAINTAINER, label: 'yardmaster' })
    yard.label(repo, number)
    await yard.becomes(repo, number, 'in-review')
  })
})

const body = (delivery: Delivery): string => JSON.stringify(delivery.payload)
const sign = (secret: string, text: string): string =>
  `sha256=${createHmac('sha256', secret).update(text).digest('hex')}`

/** Sends a delivery by hand, under a name of its own. Gives the status. */
async function post(
  delivery: Delivery,
  given: { readonly signature?: string | null },
): Promise<number> {
  const text = body(delivery)
  const signature =
    given.signature === undefined ? sign(yard.world.app.webhookSecret, text) : given.signature
  const response = await fetch(yard.world.yardmaster().webhookUrl ?? '', {
    method: 'POST',
    headers: {
      ...delivery.headers,
      'x-github-delivery': randomUUID(),
      ...(signature === null ? {} : { 'x-hub-signature-256': signature }),
    },
    body: text,
  })
  return response.status
}
