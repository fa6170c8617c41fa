// The search of a project's items: `-status:Done is:open "Some words"`. Part of GitHub's language;
// what is not known here is refused loudly.
import { Refusal } from '../world/refusal.ts'
import type { Project, ProjectItem } from '../world/project.ts'
import { fullNameOf } from '../world/world.ts'
import { valueText } from './project-items.ts'

/** Other fields are read off the issue, by words of their own such as `label:`. */
const STORED: ReadonlySet<string> = new Set(['single_select', 'text', 'number', 'date'])

type Test = (item: ProjectItem) => boolean

/** Archived items are only found by `is:archived`. */
export function filterItems(project: Project, query: string): readonly ProjectItem[] {
  const terms: readonly string[] =
    query.match(/-?[\w-]+:(?:(?:"[^"]*"|[^\s",]+),?)+|"[^"]*"|\S+/g) ?? []
  const tests = terms.map((term) => testOf(project, term))
  const archived = terms.includes('is:archived')
  return project.items.filter(
    (item) => (item.archivedAt !== null) === archived && tests.every((test) => test(item)),
  )
}

function testOf(project: Project, term: string): Test {
  const [, minus, name = '', rest = ''] = /^(-?)([\w-]+):(.*)$/.exec(term) ?? []
  if (name === '') {
    const words = term.replaceAll('"', '').toLowerCase()
    return ({ content }) => content.title.toLowerCase().includes(words)
  }
  const wanted = [...rest.matchAll(/"([^"]*)"|([^,]+)/g)].map(([, quoted, plain]) => {
    return (quoted ?? plain ?? '').toLowerCase()
  })
  const test = named(project, name.toLowerCase(), wanted)
  return minus === '-' ? (item) => !test(item) : test
}

function named(project: Project, name: string, wanted: readonly string[]): Test {
  if (name === 'is') return (item) => wanted.some((word) => isWord(item, word))
  if (name === 'repo')
    return ({ content }) => wanted.includes(fullNameOf(content.repo).toLowerCase())
  if (name === 'label') {
    return ({ content }) =>
      content.labels.some((label) => wanted.includes(label.name.toLowerCase()))
  }
  if (name === 'assignee') {
    return ({ content }) =>
      content.assignees.some((one) => wanted.includes(one.login.toLowerCase()))
  }
  if (name === 'no' || name === 'has') {
    const fields = wanted.map((word) => fieldOf(project, word))
    const lacks: Test = (item) => fields.every((field) => item.values.get(field) === undefined)
    return name === 'no' ? lacks : (item) => !lacks(item)
  }
  const field = fieldOf(project, name)
  // An option that nobody has (any more) finds nothing, and nobody says so.
  return (item) => {
    const value = valueText(item, field)
    return value !== null && wanted.includes(value.toLowerCase())
  }
}

function isWord({ content }: ProjectItem, word: string): boolean {
  if (word === 'open' || word === 'closed') return content.state === word
  if (word === 'issue') return content.pull === null
  if (word === 'pr') return content.pull !== null
  if (word === 'merged') return content.pull?.merged === true
  if (word === 'draft') return content.pull?.draft === true
  if (word === 'archived') return true
  throw unknown(`is:${word}`)
}

/** Field names are written with hyphens for their spaces. */
function fieldOf(project: Project, name: string) {
  const found = project.fields.find(
    (field) => STORED.has(field.dataType) && field.name.toLowerCase().replaceAll(' ', '-') === name,
  )
  if (found === undefined) throw unknown(name)
  return found
}

function unknown(what: string): Refusal {
  return new Refusal(501, { message: `The emulator does not filter by ${what}` })
}
