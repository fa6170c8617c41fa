/** What is there twice on GitHub, as sentences: comments by their marks, pull requests by branch, check runs by head and name. */
import type { Emulator } from '../../src/emulator/emulator.ts'

export function duplicatesIn(emulator: Emulator, repo: string): readonly string[] {
  const marks = emulator.issues(repo).flatMap(({ number }) =>
    emulator
      .comments({ repo, number })
      .filter(({ user }) => user.type === 'Bot')
      .map(({ body }) => `#${number} ${/<!-- yardmaster:1 (\S+)/.exec(body)?.[1] ?? body}`),
  )
  const refs = emulator.pulls(repo).map(({ pull }) => pull.head.ref)
  const checks = emulator
    .checks(repo)
    .map((run) => `${run.name} ${run.suite.headSha} ${run.externalId}`)
  const several = emulator
    .issues(repo)
    .map(({ number }) => ({
      number,
      worn: emulator.labels({ repo, number }).filter((label) => label.startsWith('yard:')),
    }))
    .filter(({ worn }) => worn.length > 1)
  return [
    ...twice(marks).map((mark) => `two comments: ${mark}`),
    ...twice(refs).map((ref) => `two pull requests of ${ref}`),
    ...twice(checks).map((check) => `two check runs: ${check}`),
    ...several.map(({ number, worn }) => `#${number} wears ${worn.join(' and ')}`),
  ]
}

function twice(names: readonly string[]): readonly string[] {
  const seen = new Set<string>()
  const found = new Set<string>()
  for (const name of names) (seen.has(name) ? found : seen).add(name)
  return [...found]
}
