/** What an agent is told of files that were set aside before it started: it would look for them, or write them anew. */

/** More are counted. */
const NAMED = 8

/** `names`: of the product's own list. Empty when there are none. */
export function asideSection(names: readonly string[]): readonly string[] {
  if (names.length === 0) return []
  const shown = names.slice(0, NAMED).map((name) => `\`${name}\``)
  const more = names.length > NAMED ? ` and ${names.length - NAMED} more` : ''
  return [
    `While you work, these stand as the default branch has them, or not at all, because programs obey them: ${shown.join(', ')}${more}. What stood there comes back at your end, unless you write it anew; \`git show HEAD:<path>\` shows what was committed.`,
  ]
}
