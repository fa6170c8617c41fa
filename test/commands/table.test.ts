import { describe, expect, test } from 'vitest'
import { refusalFor } from '../../src/commands/may-give.ts'
import { parse } from '../../src/commands/parse.ts'
import { COMMANDS, manuals } from '../../src/commands/table.ts'
import type { CommandRow } from '../../src/commands/table.ts'
import type { Permission } from '../../src/domain/actor.ts'
import { visibleText } from '../../src/render/visible.ts'
import { LISTENING, verdict } from './reading.ts'

const placeOf = ({ place }: CommandRow) => (place === 'either' ? LISTENING.place : place)
const read = (row: CommandRow, body: string) =>
  parse(body, { ...LISTENING, place: placeOf(row) }, visibleText)

const lines = COMMANDS.flatMap((row) => row.examples.map(([line]) => ({ row, line })))
const others = COMMANDS.flatMap((row) => row.also.map((line) => ({ row, line })))

describe('every row', () => {
  test.each([...lines, ...others])('can be said as /$line', ({ row, line }) => {
    for (const body of [`/${line}`, `/yard ${line}`, `@yardmaster ${line}`, `@yardmaster /${line}`])
      expect(verdict(read(row, body))).toBe(`${row.name}@1`)
  })

  test.each([...lines, ...others])('is not said by quoting /$line', ({ row, line }) => {
    for (const body of [
      `> /${line}`,
      `    /${line}`,
      `- /${line}`,
      `\`/${line}\``,
      `~~~\n/${line}`,
    ])
      expect(read(row, body)).toBeNull()
    expect(verdict(read(row, `/${line} <br>`))).toBe('!html@1')
  })

  test.each(COMMANDS)('$name says what it needs, or takes nothing', (row) => {
    const bare = read(row, `/${row.name}`)
    const needs = row.argument.syntax.includes('<')
    expect(verdict(bare)).toBe(needs ? '!missing@1' : `${row.name}@1`)
  })

  test.each(COMMANDS.filter(({ argument }) => argument.syntax === ''))(
    '$name stands alone',
    (row) => {
      expect(verdict(read(row, `/${row.name} so`))).toBe('!surplus@1')
    },
  )

  test.each(COMMANDS.filter(({ place }) => place !== 'either'))('$name knows its place', (row) => {
    const elsewhere = row.place === 'issue' ? 'pull' : 'issue'
    const reading = parse(`/${row.name}`, { ...LISTENING, place: elsewhere }, visibleText)
    expect(reading).toEqual({
      commands: [],
      refused: [{ kind: 'wrong-place', name: row.name, belongs: row.place, line: 1 }],
    })
  })
})

describe('the table', () => {
  test('spells nothing in two ways that mean different things', () => {
    const spellings = COMMANDS.flatMap((row) => [row.name, ...row.also])
    expect(new Set(spellings).size).toBe(spellings.length)
    expect(spellings).not.toContain('yard')
  })

  test('gives everyone who may write all commands, and nobody else what changes anything', () => {
    const roles: readonly Permission[] = ['none', 'read', 'triage', 'write', 'maintain', 'admin']
    const may = (permission: Permission) =>
      COMMANDS.filter(
        ({ name }) =>
          refusalFor(name, { permission, isRequester: false, requesterBarred: true }) === null,
      ).map(({ name }) => name)
    const all = COMMANDS.map(({ name }) => name)
    expect(roles.map(may)).toEqual([[], [], ['status', 'help'], all, all, all])
  })

  test('bars the requester from approving, and only where the policy says so', () => {
    const refused = (isRequester: boolean, requesterBarred: boolean) =>
      COMMANDS.flatMap(
        ({ name }) => refusalFor(name, { permission: 'admin', isRequester, requesterBarred }) ?? [],
      )
    expect(refused(true, true)).toEqual([{ kind: 'own-request', name: 'approve' }])
    expect([refused(true, false), refused(false, true), refused(false, false)]).toEqual([
      [],
      [],
      [],
    ])
  })

  test('shows each command as it is typed', () => {
    expect(manuals().map(({ syntax }) => syntax)).toContain('approve <sha>')
    for (const { name, syntax } of manuals()) expect(syntax.split(' ')[0]).toBe(name)
  })
})
