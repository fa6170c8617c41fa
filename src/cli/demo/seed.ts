/** The little world of the demo: three people, one repository with tests, four issues with their patch in the text. */

export const MAINTAINER = 'ana'
export const REVIEWER = 'ben'
export const READER = 'rudi'
export const REPOSITORY = { owner: MAINTAINER, name: 'lighthouse' }

/** The operator's settings of the demo, as a person would write them. */
export const OPERATOR_FILE = `profiles:
  patch:
    command: builtin:patch
default_profile: patch
pace_ms: 250
`

/** Three pull requests may wait for people: a fourth issue then waits, and says so. */
const CONFIGURATION = `# What Yardmaster does in this repository.
verify: [node --test]
limits: { parallel: 3, attempts: 3, minutes: 10, open_reviews: 3 }
reviewers: [${REVIEWER}]
`

export const SETTINGS_FILE = '.github/yardmaster.yml'

const GREET = `/** What the keeper says to a ship that passes. */
export function greet() {
  return 'Good evening.'
}
`

const GREET_TEST = `import assert from 'node:assert/strict'
import test from 'node:test'
import { greet } from '../src/greet.js'

test('a ship is greeted', () => {
  assert.equal(greet(), 'Good evening.')
})
`

const LAMPS = `/** How many lamps are lit, by hour of the day. */
export function lamps(hour) {
  return hour >= 20 ? 4 : 0
}
`

export const FILES: Readonly<Record<string, string>> = {
  'README.md':
    '# Lighthouse\n\nA small program that keeps a light on. Run its tests with `node --test`.\n',
  'package.json': `${JSON.stringify({ name: 'lighthouse', version: '1.0.0', private: true, type: 'module', scripts: { test: 'node --test' } }, null, 2)}\n`,
  [SETTINGS_FILE]: CONFIGURATION,
  'src/greet.js': GREET,
  'src/lamps.js': LAMPS,
  'test/greet.test.js': GREET_TEST,
}

const GREET_BY_NAME = `Ships have names, and the keeper should use them: \`greet('Aurora')\` should say "Good evening, Aurora." Without a name nothing changes.

\`\`\`diff
--- a/src/greet.js
+++ b/src/greet.js
@@ -1,4 +1,4 @@
 /** What the keeper says to a ship that passes. */
-export function greet() {
-  return 'Good evening.'
+export function greet(name) {
+  return name === undefined ? 'Good evening.' : \`Good evening, \${name}.\`
 }
--- a/test/greet.test.js
+++ b/test/greet.test.js
@@ -5,3 +5,7 @@
 test('a ship is greeted', () => {
   assert.equal(greet(), 'Good evening.')
 })
+
+test('a ship with a name is greeted by it', () => {
+  assert.equal(greet('Aurora'), 'Good evening, Aurora.')
+})
\`\`\`
`

const LAMPS_AT_DAWN = `The lamps go out at midnight, hours before the sun is up. I cannot say which is better: all year until six,

\`\`\`js path=src/lamps.js
/** How many lamps are lit, by hour of the day. */
export function lamps(hour) {
  return hour >= 20 || hour < 6 ? 4 : 0
}
\`\`\`

or until eight, for the dark mornings of winter?

\`\`\`js path=src/lamps.js
/** How many lamps are lit, by hour of the day. */
export function lamps(hour) {
  return hour >= 20 || hour < 8 ? 4 : 0
}
\`\`\`

\`\`\`js path=test/lamps.test.js
import assert from 'node:assert/strict'
import test from 'node:test'
import { lamps } from '../src/lamps.js'

test('the lamps burn until the morning', () => {
  assert.deepEqual([19, 20, 23, 0, 5, 12].map(lamps), [0, 4, 4, 4, 4, 0])
})
\`\`\`
`

const FOG_HORN = `In fog nobody sees the light. Add a horn.

\`\`\`js path=src/horn.js
/** One long blast. */
export const horn = () => 'Hooooo'
\`\`\`

\`\`\`js path=test/horn.test.js
import assert from 'node:assert/strict'
import test from 'node:test'
import { horn } from '../src/horn.js'

test('the horn is heard', () => {
  assert.match(horn(), /^Hooooo/)
})
\`\`\`
`

const LOG_BOOK = `Nobody remembers who passed. Keep a book.

\`\`\`js path=src/log-book.js
/** One line for each ship that passes. */
export const entry = (ship, hour) => \`\${hour}:00 \${ship}\`
\`\`\`
`

export const ISSUES: readonly { readonly title: string; readonly body: string }[] = [
  { title: 'Greet ships by their name', body: GREET_BY_NAME },
  { title: 'The lamps go out before dawn', body: LAMPS_AT_DAWN },
  { title: 'Add a fog horn', body: FOG_HORN },
  { title: 'Keep a log book', body: LOG_BOOK },
]

/** What the reviewer asks for, on a line of the fog horn's pull request. */
export const REMARK = {
  path: 'src/horn.js',
  line: 2,
  side: 'RIGHT',
  body: `One blast may be anybody. Two are ours:

\`\`\`js path=src/horn.js
/** Two long blasts. */
export const horn = () => 'Hooooo Hooooo'
\`\`\`
`,
} as const
