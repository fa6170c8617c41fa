/** Every way out is looked through for secrets, because there is no other: one door for each, and this is where they stand (T30). */
import { describe, expect, it } from 'vitest'
import { readModules } from './read-modules.ts'

const product = readModules('src').filter(({ path }) => !path.startsWith('src/emulator/'))

const where = (pattern: RegExp): readonly string[] =>
  product.filter(({ code }) => pattern.test(code)).map(({ path }) => path)

/** What leaves by it, how code says it, and the only files that may; `caught` proves that the pattern can fail. */
const DOORS = [
  {
    what: 'requests to GitHub',
    pattern: /\bnew\s+(?:\w+\.)?Octokit\b|\bOctokit\.defaults\b/,
    only: ['src/github/app-client.ts', 'src/github/client.ts'],
    caught: ['const octokit = new Octokit({ auth })'],
  },
  {
    what: 'requests of any kind',
    pattern:
      /(?:await|return|=) fetch\(|\bglobalThis\.fetch\b|from 'undici'|\b(?:http|https)\.request\(/,
    only: ['src/github/guarded-fetch.ts'],
    caught: ["await fetch('https://api.github.com')", 'https.request(options)'],
  },
  {
    what: 'what Probot would send',
    pattern: /\bcontext\.octokit\b|\bprobot\.auth\(|\bcontext\.(?:issue|repo)\(/,
    only: [],
    caught: ['await context.octokit.rest.issues.createComment(x)'],
  },
  {
    what: 'pushes, by git',
    pattern: /args: \[\s*'push'/,
    only: ['src/git/push.ts'],
    caught: ["args: ['push', url]"],
  },
  {
    what: 'pushes, by the engine',
    pattern: /\bgit\.push\(/,
    only: ['src/engine/acts/push.ts'],
    caught: ['await deps.git.push(repository, id, update)'],
  },
  {
    what: 'lines of the log',
    pattern: /\bpino\(|\bconsole\.\w+\(/,
    // In the jail nothing but its own end hears it.
    only: ['src/jail/gate/bridge.ts', 'src/system/log.ts'],
    caught: ["console.log('x')", 'const log = pino({ level })'],
  },
  {
    what: 'words on a terminal',
    pattern: /\bprocess\.std(?:out|err)\.write\(/,
    // The other end is our own process, which shows it by the door.
    only: ['src/cli/demo/part.ts', 'src/cli/terminal.ts'],
    caught: ["process.stdout.write('x')"],
  },
] as const

describe('what leaves', () => {
  it.each(DOORS)('has one door: $what', ({ pattern, only, caught }) => {
    for (const words of caught) expect(words).toMatch(pattern)
    expect(where(pattern).filter((path) => !path.startsWith('src/agents/builtin/'))).toEqual(only)
  })

  it('passes at each door those who look', () => {
    const codeOf = (path: string): string => product.find((one) => one.path === path)?.code ?? ''
    for (const path of ['src/github/app-client.ts', 'src/github/client.ts'])
      expect(codeOf(path)).toMatch(/request: \{ fetch: guardedFetch\([^)]*\bleave\b/)
    expect(codeOf('src/github/guarded-fetch.ts')).toMatch(
      /leave\(target, init\.body\)[^]*await fetch\(/,
    )
    expect(codeOf('src/engine/acts/push.ts')).toMatch(/await lookThrough\([^]*deps\.git\.push\(/)
    expect(codeOf('src/system/log.ts')).toContain('streamWrite: (line) => cleanLine(line, secrets)')
    expect(
      codeOf('src/cli/terminal.ts').match(/\.write\(`\$\{secrets\.mask\(line\)\}/g),
    ).toHaveLength(2)
    expect(codeOf('src/web/reading.ts').match(/maskValues\(await whole\./g)).toHaveLength(4)
  })
})
