/** Who pressed which button of our check run, on which commit; anybody else's is nothing. */
import { describe, expect, test } from 'vitest'
import { BUTTONS } from '../../src/domain/button.ts'
import { narrow } from '../../src/github/webhook.ts'

const SHA = 'a'.repeat(40)
const payload = (identifier: string, run: object = {}, more: object = {}) => ({
  action: 'requested_action',
  repository: { id: 900, name: 'hello', owner: { login: 'octo' }, default_branch: 'main' },
  installation: { id: 5 },
  sender: { id: 1, login: 'ana', type: 'User' },
  check_run: {
    head_sha: SHA,
    external_id: `900-5007:${SHA}`,
    app: { slug: 'yardmaster' },
    ...run,
  },
  requested_action: { identifier },
  ...more,
})
const press = (pressed: object) =>
  narrow({ id: 'd-1', name: 'check_run', payload: pressed }, 'yardmaster')

describe('buttons of our check run', () => {
  test.each(BUTTONS)('$label is a command about the commit of the check', (button) => {
    expect(press(payload(button.identifier))).toMatchObject({
      kind: 'accepted',
      drafts: [
        {
          to: 'issue',
          issue: 5007,
          fact: {
            kind: 'ordered',
            command: button.command,
            route: 'button',
            actor: { login: 'ana', kind: 'person' },
            head: SHA,
          },
        },
      ],
    })
  })

  test.each([
    ['of another App', payload('hold', { app: { slug: 'other' } })],
    ['that we do not have', payload('explode')],
    ['of a task elsewhere', payload('hold', { external_id: `9-9:${SHA}` })],
    ['whose id names another commit', payload('hold', { head_sha: 'b'.repeat(40) })],
    ['without an id of ours', payload('hold', { external_id: null })],
    ['pressed by a bot', payload('hold', {}, { sender: { id: 2, login: 'x[bot]', type: 'Bot' } })],
    ['that only tells of a run', payload('hold', {}, { action: 'completed' })],
  ])('one %s is nothing', (_what, pressed) => {
    expect(press(pressed)).toEqual({ kind: 'irrelevant' })
  })

  test('one without its fields is malformed', () => {
    expect(press({ ...payload('hold'), check_run: null })).toEqual({ kind: 'malformed' })
  })
})
