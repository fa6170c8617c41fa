/** Every GraphQL document of the adapter is held to GitHub's own schema. */
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildSchema, parse, validate } from 'graphql'
import { expect, test } from 'vitest'
import { LAST_EDITED } from '../../src/github/queries/last-edited.ts'
import { CREATE_PROJECT, SET_OPTIONS } from '../../src/github/queries/make-board.ts'
import { observeQuery } from '../../src/github/queries/observe.ts'
import { PULL_NOW } from '../../src/github/queries/pull-now.ts'
import { PIN_ISSUE } from '../../src/github/queries/pin-issue.ts'
import { REVIEW_ASKED } from '../../src/github/queries/review-asked.ts'
import { REACT_TO_REVIEW } from '../../src/github/queries/react-to-review.ts'
import { READ_HEAD } from '../../src/github/queries/read-head.ts'
import { WORDS_EDITS } from '../../src/github/queries/words-edits.ts'

const folder = dirname(dirname(fileURLToPath(import.meta.resolve('github-schema'))))
const schema = buildSchema(readFileSync(join(folder, 'github-schema.graphql'), 'utf8'), {
  assumeValidSDL: true,
})

test.each([
  ['read-head', READ_HEAD],
  ['last-edited', LAST_EDITED],
  ['make-board, a project', CREATE_PROJECT],
  ['make-board, options', SET_OPTIONS],
  ['pull-now', PULL_NOW],
  ['review-asked', REVIEW_ASKED],
  ['pin-issue', PIN_ISSUE],
  ['react-to-review', REACT_TO_REVIEW],
  ['words-edits', WORDS_EDITS],
  ['observe, issues and pulls', observeQuery(3, 2)],
  ['observe, issues only', observeQuery(2, 0)],
  ['observe, pulls only', observeQuery(0, 1)],
])('%s is valid', (_, query) => {
  expect(validate(schema, parse(query.document)).map((error) => error.message)).toEqual([])
})
