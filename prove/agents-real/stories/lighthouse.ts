/** The repository that the stories work in: one function, one test of it, and Yardmaster's settings. */

export const GREET = 'greet.js'

/** Its test is green before and after: work does not begin on a base that is red. */
export const LIGHTHOUSE: Readonly<Record<string, string>> = {
  'README.md': '# Lighthouse\n',
  'package.json': '{ "name": "lighthouse", "type": "module", "private": true }\n',
  [GREET]: "export const greet = () => 'Hello.'\n",
  'greet.test.js': `import assert from 'node:assert/strict'
import test from 'node:test'
import { greet } from './greet.js'

test('the keeper ends his sentence', () => assert.ok(greet().endsWith('.')))
`,
  '.github/yardmaster.yml': 'verify: [node --test]\nlimits: { minutes: 2, attempts: 1 }\n',
}
