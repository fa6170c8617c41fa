/** Whom a CODEOWNERS file names for changed files, by GitHub's rules: of each file the last line that matches counts. */
import picomatch from 'picomatch'

export interface Owners {
  /** Logins, without the @; in the order of the files, each once. */
  readonly people: readonly string[]
  /** `org/team`; an App may not ask those without another permission, so they are only named. */
  readonly teams: readonly string[]
}

/** Case counts, unlike for protected paths: so it does for GitHub. */
const OPTIONS = { dot: true, nocase: false, noextglob: true, nonegate: true }
/** GitHub reads no larger file. Characters. */
const LARGEST = 3_000_000

interface Rule {
  readonly matches: (path: string) => boolean
  readonly owners: readonly string[]
}

export function codeOwners(text: string, paths: readonly string[]): Owners {
  const rules = text.length > LARGEST ? [] : text.split(/\r?\n/).flatMap(ruleOf)
  const named = paths.flatMap(
    (path) => rules.findLast(({ matches }) => matches(path))?.owners ?? [],
  )
  const owners = [...new Set(named)]
  return {
    people: owners.filter((owner) => !owner.includes('/')),
    teams: owners.filter((owner) => owner.includes('/')),
  }
}

/** A line that GitHub could not use is none. Owners by mail address are left out: only GitHub knows whose it is. */
function ruleOf(line: string): readonly Rule[] {
  const [pattern = '', ...words] = line.trim().split(/(?<!\\)\s+/)
  if (pattern === '' || pattern.startsWith('#') || pattern.startsWith('!')) return []
  const comment = words.findIndex((word) => word.startsWith('#'))
  const owners = (comment === -1 ? words : words.slice(0, comment)).flatMap((word) =>
    /^@[\w.-]+(?:\/[\w.-]+)?$/.test(word) ? [word.slice(1)] : [],
  )
  return [{ matches: picomatch(globsOf(pattern.replaceAll('\\ ', ' ')), OPTIONS), owners }]
}

/** As in .gitignore: with a slash at the start or within it begins at the top, and a folder means all below. */
function globsOf(pattern: string): readonly string[] {
  const folder = pattern.endsWith('/')
  const body = pattern.replace(/^\/+/, '').replace(/\/+$/, '')
  const anchored = pattern.startsWith('/') || body.includes('/')
  const glob = `${anchored ? '' : '**/'}${body}`
  if (folder) return [`${glob}/**`]
  // `docs/*` is what lies in it, and nothing deeper.
  return body.endsWith('/*') ? [glob] : [glob, `${glob}/**`]
}
