import { describe, expect, it } from 'vitest'
import { parseIssueName } from '../../src/web/issue-name.ts'

describe('the name of an issue', () => {
  it.each([
    ['octo/hello#12', { repository: 'octo/hello', number: 12 }],
    ['  octo/he.llo-2_x#1 ', { repository: 'octo/he.llo-2_x', number: 1 }],
    ['#12', { repository: null, number: 12 }],
    ['12', { repository: null, number: 12 }],
    ['https://github.com/octo/hello/issues/12', { repository: 'octo/hello', number: 12 }],
    [
      'http://127.0.0.1:3001/octo/hello/issues/12#issuecomment-3',
      { repository: 'octo/hello', number: 12 },
    ],
  ])('is understood as %s', (text, name) => {
    expect(parseIssueName(text)).toEqual(name)
  })

  it.each([
    '',
    'octo/hello',
    'octo/hello12',
    'octo/hello#0',
    'octo/hello#012',
    'hello#1',
    'a/b/c#1',
    '#',
    '-3',
    '1.5',
    'octo/hello#99999999999',
    'https://github.com/octo/hello/pull/12',
    'octo/hello#1\nrm',
  ])('is not taken for one: %j', (text) => {
    expect(parseIssueName(text)).toBeNull()
  })
})
