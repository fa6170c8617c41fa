/** `/reviewed` covers the head that the person can have seen, and no newer one. */
import { describe, expect, it } from 'vitest'
import type { Order } from '../../src/domain/decide/command/outcome.ts'
import { reviewed } from '../../src/domain/decide/command/reviewed.ts'
import { later } from '../../src/domain/ids.ts'
import { opened, pushedTo } from '../../src/domain/review.ts'
import type { Task } from '../../src/domain/task.ts'
import { HEAD, NOW, ben, shaOf, task } from '../support/builders.ts'

const pull = { number: 3, url: 'u', head: HEAD }
const inReview = (over: Partial<Task> = {}): Task =>
  task({ state: { kind: 'in-review', pull }, pull, review: opened(NOW), ...over })
const order = (over: Partial<Order<'reviewed'>> = {}): Order<'reviewed'> => ({
  command: { kind: 'reviewed' },
  by: ben,
  word: { at: later(NOW, 5_000), id: 1 },
  route: 'comment',
  spoken: null,
  ...over,
})
const say = (it: Task, over: Partial<Order<'reviewed'>> = {}) =>
  reviewed({ task: it, live: null }, order(over))

describe('/reviewed', () => {
  it('records a look at the present head', () => {
    expect(say(inReview())).toMatchObject({
      event: 'review.done',
      by: 'ben',
      next: { review: { looks: [{ login: 'ben', head: HEAD, verdict: 'reviewed' }] } },
    })
  })

  it('does not cover what was pushed after it was said', () => {
    const pushed = inReview({ review: pushedTo(opened(NOW), later(NOW, 60_000)) })
    expect(say(pushed)).toEqual({ refused: { kind: 'pushed-since', head: HEAD } })
    expect(say(pushed, { word: { at: later(NOW, 60_000), id: 2 } })).toHaveProperty('next.review')
  })

  it('covers the head whose button was pressed, and only that', () => {
    const old = say(inReview(), { route: 'button', head: shaOf('0') })
    expect(old).toEqual({ refused: { kind: 'pushed-since', head: HEAD } })
    expect(say(inReview(), { route: 'button', head: HEAD })).toHaveProperty('next.review')
  })

  it('needs an open pull request', () => {
    const ended = inReview({ state: { kind: 'done', reason: 'merged' } })
    expect(say(ended)).toEqual({ refused: { kind: 'no-pull' } })
    expect(say(task({ pull: null }))).toEqual({ refused: { kind: 'no-pull' } })
  })
})
