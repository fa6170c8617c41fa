/** People steer by words: what they say on the issue and on the pull request, and what they see come of it. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { HELLO } from './support/issues.ts'
import { MAINTAINER, READER, WAITING_CHECK, openYard } from './support/yard.ts'
import type { Yard } from './support/yard.ts'

let yard: Yard
beforeAll(async () => {
  yard = await openYard()
})
afterAll(async () => yard.close())

const say = (repo: string, number: number, body: string, as = MAINTAINER): number =>
  yard.emulator.comment({ repo, number, as, body }).id

/** Our reactions to a comment, in the order in which they were made. */
const reactions = (repo: string, id: number): readonly string[] =>
  (yard.emulator.repository(repo).comments.get(id)?.reactions ?? []).map(({ content }) => content)

const answered = (repo: string, id: number, ...wanted: readonly string[]): Promise<unknown> =>
  yard.until(`the comment wears ${wanted.join(', ')}`, () => {
    const made = reactions(repo, id)
    return made.length >= wanted.length && made.join() === wanted.join()
  })

async function underWay(): Promise<{ readonly repo: string; readonly number: number }> {
  const repo = await yard.repository({ files: { 'check.sh': WAITING_CHECK } })
  const number = yard.issue(repo, HELLO)
  yard.label(repo, number)
  await yard.until(
    'the checks run',
    async () => (await yard.attempts(repo, number))[0]?.phase === 'verifying',
  )
  return { repo, number }
}

describe('words that start and stop work', () => {
  it('/run starts it without the label, and the pull request opens', async () => {
    const repo = await yard.repository()
    const number = yard.issue(repo, HELLO)
    const id = say(repo, number, 'Go ahead.\n\n/run')
    const task = await yard.becomes(repo, number, 'in-review')
    expect(task.wish).toMatchObject({ by: { login: MAINTAINER }, label: null })
    await answered(repo, id, 'eyes', '+1')
    expect(yard.comments(repo, number), 'the status comment alone').toHaveLength(1)
  })

  it('/cancel stops it with the work kept, and /retry tries again', async () => {
    const { repo, number } = await underWay()
    await answered(repo, say(repo, number, '/cancel not needed'), 'eyes', '+1')
    const task = await yard.becomes(repo, number, 'cancelled')
    expect(task.state.reason).toBe('@ana said `/cancel`: not needed')
    await yard.until(
      'the attempt has ended',
      async () => (await yard.attempts(repo, number))[0]?.endedAt !== null,
    )
    await answered(repo, say(repo, number, '/retry'), 'eyes', '+1')
    await yard.until('it runs', async () => (await yard.attempts(repo, number)).length === 2)
    await yard.until(
      'the checks run',
      async () => (await yard.attempts(repo, number))[1]?.phase === 'verifying',
    )
    await yard.letGo()
    await yard.becomes(repo, number, 'in-review')
  })

  it('/retry on the pull request works the task of that pull request', async () => {
    const repo = await yard.repository()
    const number = yard.issue(repo, HELLO)
    yard.label(repo, number)
    const task = await yard.becomes(repo, number, 'in-review')
    const pull = task.state.pull.number
    const id = say(repo, pull, '/cancel\n/retry')
    await yard.until(
      'a second attempt',
      async () => (await yard.attempts(repo, number)).length === 2,
    )
    await yard.becomes(repo, number, 'in-review')
    await answered(repo, id, 'eyes', '+1')
    const ledger = await yard.world.yardmaster().store.ledger(task.id)
    expect(
      ledger
        .filter(({ data }) => data['comment'] === id)
        .map(({ event, data }) => [event, data['line']]),
    ).toEqual([
      ['task.cancelled', 1],
      ['task.queued', 2],
    ])
  })
})

describe('words that ask', () => {
  it('/status says where it stands, and /help lists what may be said', async () => {
    const repo = await yard.repository()
    const number = yard.issue(repo, HELLO)
    yard.label(repo, number)
    await yard.becomes(repo, number, 'in-review')
    await answered(repo, say(repo, number, '/status\n/help'), 'eyes', '+1')
    const reply = await yard.says(repo, number, 'What I understand')
    expect(reply).toContain('waits for review')
    expect(reply).toContain('`/retry`')
  })

  it('a slip of the finger is told what was meant, and does nothing', async () => {
    const repo = await yard.repository()
    const number = yard.issue(repo, HELLO)
    await answered(repo, say(repo, number, '/runn'), 'eyes', 'confused')
    expect(await yard.says(repo, number, 'Did you mean')).toContain('`/run`')
    expect(await yard.attempts(repo, number)).toEqual([])
  })

  it('one comment may hold several commands; a bad one does not sink the rest', async () => {
    const { repo, number } = await underWay()
    const id = say(repo, number, '/priority high\n/retry\n/prioritie low')
    await answered(repo, id, 'eyes', 'confused')
    const reply = await yard.says(repo, number, 'Did you mean')
    expect(reply).toContain('under way')
    expect((await yard.task(repo, number))?.priority).toBe(1)
    await yard.letGo()
    await yard.becomes(repo, number, 'in-review')
  })
})

describe('words of nobody who may', () => {
  it('are refused courteously, once, and without a reaction', async () => {
    const repo = await yard.repository()
    const number = yard.issue(repo, HELLO)
    const ids = [say(repo, number, '/run', READER), say(repo, number, '/run', READER)]
    await yard.says(repo, number, READER)
    ids.push(say(repo, number, '/cancel', READER))
    await yard.settled()
    expect(yard.comments(repo, number)).toHaveLength(1)
    expect(ids.map((id) => reactions(repo, id))).toEqual([[], [], []])
    expect(await yard.attempts(repo, number)).toEqual([])
  })

  it('edited into a command, they are not obeyed', async () => {
    const repo = await yard.repository()
    const number = yard.issue(repo, HELLO)
    const id = say(repo, number, 'I wonder.')
    yard.emulator.editComment({ repo, id, as: MAINTAINER, body: '/run' })
    await yard.settled()
    expect(await yard.task(repo, number)).toBeNull()
    expect(reactions(repo, id)).toEqual([])
  })

  it('edited before they were obeyed, they are refused', async () => {
    const repo = await yard.repository()
    const number = yard.issue(repo, HELLO)
    const { knobs } = yard.emulator.webhooks
    knobs.hold()
    const id = say(repo, number, '/run')
    yard.emulator.editComment({ repo, id, as: MAINTAINER, body: '/run ' })
    knobs.release()
    await answered(repo, id, 'confused')
    expect(await yard.says(repo, number, 'edited')).toContain('new comment')
    expect(await yard.attempts(repo, number)).toEqual([])
  })
})

describe('words that no webhook told of', () => {
  const silently = async <T>(work: () => T | Promise<T>): Promise<T> =>
    await yard.emulator.webhooks.knobs.silently(work)
  const look = async (): Promise<void> => {
    await yard.world.yardmaster().engine.reconcile()
    await yard.settled()
  }

  it('are found and obeyed: on the issue, on the pull request and in a review', async () => {
    const repo = await yard.repository()
    const number = yard.issue(repo, HELLO)
    await yard.until('the repository is known', async () =>
      (await yard.world.yardmaster().store.repositories.all()).some(
        ({ name, cursor }) => repo.endsWith(`/${name}`) && cursor !== null,
      ),
    )
    const started = await silently(() => say(repo, number, '/run'))
    await look()
    const { state } = await yard.becomes(repo, number, 'in-review')
    await answered(repo, started, 'eyes', '+1')
    const pull = state.pull.number
    const held = await silently(() => say(repo, pull, '/hold'))
    await look()
    await answered(repo, held, 'eyes', '+1')
    expect((await yard.task(repo, number))?.hold).toMatchObject({ by: MAINTAINER })
    const review = await silently(() =>
      yard.emulator.review({
        repo,
        number: pull,
        as: MAINTAINER,
        event: 'COMMENT',
        body: '/unhold',
      }),
    )
    await look()
    expect((await yard.task(repo, number))?.hold).toBeNull()
    await yard.until(
      'the review wears eyes, +1',
      () => review.reactions.map(({ content }) => content).join() === 'eyes,+1',
    )
    const before = (
      await yard.world.yardmaster().store.ledger((await yard.task(repo, number))?.id ?? missing())
    ).length
    await look()
    const after = (
      await yard.world.yardmaster().store.ledger((await yard.task(repo, number))?.id ?? missing())
    ).length
    expect(after, 'each is obeyed once').toBe(before)
  })

  it('are not obeyed when they were edited, be it within the second in which they were said', async () => {
    const repo = await yard.repository()
    const number = yard.issue(repo, HELLO)
    await look()
    const id = await silently(() => say(repo, number, '/run'))
    await silently(() => yard.emulator.editComment({ repo, id, as: MAINTAINER, body: '/run now' }))
    await look()
    expect(await yard.attempts(repo, number)).toEqual([])
  })

  it('are not obeyed in a review that was edited', async () => {
    const repo = await yard.repository()
    const number = yard.issue(repo, HELLO)
    yard.label(repo, number)
    const { state } = await yard.becomes(repo, number, 'in-review')
    const at = { repo, number: state.pull.number, as: MAINTAINER }
    await silently(async () => {
      const { id } = await yard.emulator.review({ ...at, event: 'COMMENT', body: '/hold' })
      yard.emulator.editReview({ ...at, id, body: '/hold until Monday' })
    })
    await look()
    expect((await yard.task(repo, number))?.hold).toBeNull()
  })
})

const missing = (): never => {
  throw new Error('there is no task')
}

describe('a task that is held', () => {
  it('starts nothing, says by whom, and goes on from its work when it is let go', async () => {
    const { repo, number } = await underWay()
    await answered(repo, say(repo, number, '/hold until Monday'), 'eyes', '+1')
    await yard.becomes(repo, number, 'held')
    await yard.says(repo, number, 'until Monday')
    await yard.until('the label says so', () =>
      yard.emulator.labels({ repo, number }).includes('yard:held'),
    )
    const [stopped] = await yard.attempts(repo, number)
    expect(stopped?.report?.head, 'the work is kept').toMatch(/^[0-9a-f]{40}$/)
    await answered(repo, say(repo, number, '/retry'), 'eyes', 'confused')
    expect(await yard.attempts(repo, number)).toHaveLength(1)
    await answered(repo, say(repo, number, '/hold cancel'), 'eyes', '+1')
    await yard.until(
      'it runs again',
      async () => (await yard.attempts(repo, number))[1]?.phase === 'verifying',
    )
    await yard.letGo()
    await yard.becomes(repo, number, 'in-review')
  })

  it('in review ends by a merge all the same', async () => {
    const repo = await yard.repository()
    const number = yard.issue(repo, HELLO)
    yard.label(repo, number)
    const { state } = await yard.becomes(repo, number, 'in-review')
    await answered(repo, say(repo, number, '/hold'), 'eyes', '+1')
    expect((await yard.task(repo, number))?.state.kind).toBe('in-review')
    await yard.emulator.merge({ repo, number: state.pull.number, as: MAINTAINER })
    await yard.becomes(repo, number, 'done')
  })
})

describe('a repository that is paused', () => {
  it('starts nothing until /resume', async () => {
    const repo = await yard.repository()
    const [here, there] = [yard.issue(repo, HELLO), yard.issue(repo, HELLO, 'Another')]
    await answered(repo, say(repo, there, '/pause'), 'eyes', '+1')
    yard.label(repo, here)
    await yard.says(repo, here, /@ana.? has paused this repository/)
    expect(await yard.attempts(repo, here)).toEqual([])
    await answered(repo, say(repo, there, '/resume'), 'eyes', '+1')
    await yard.becomes(repo, here, 'in-review')
    await answered(repo, say(repo, there, '/resume'), 'eyes', 'confused')
  })

  it('now: what runs is parked with its work, 👍 says when nothing runs, and it goes on', async () => {
    const { repo, number } = await underWay()
    const id = say(repo, number, '/pause now')
    await yard.until('👀', () => reactions(repo, id).includes('eyes'))
    await answered(repo, id, 'eyes', '+1')
    expect((await yard.attempts(repo, number))[0]?.endedAt).not.toBeNull()
    expect((await yard.task(repo, number))?.state.kind).toBe('queued')
    await answered(repo, say(repo, number, '/unpause'), 'eyes', '+1')
    await yard.until(
      'it runs again',
      async () => (await yard.attempts(repo, number))[1]?.phase === 'verifying',
    )
    await yard.letGo()
    await yard.becomes(repo, number, 'in-review')
  })
})
