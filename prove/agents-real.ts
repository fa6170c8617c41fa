/**
 * `npm run agents:real [-- --only=claude,codex] [--story=edit] [--network=open] [--offline]`: real coding agents through
 * the real product, against a scripted model on loopback. 0: every story that could be told was told well; 1: one was
 * not; 2: wrong arguments; 3: no program could be had. `--offline` installs nothing.
 */
import { parseArgs } from 'node:util'
import { EXIT } from '../src/cli/exit.ts'
import { print, table } from '../src/cli/terminal.ts'
import { install } from './agents-real/install.ts'
import { PROGRAMS } from './agents-real/programs.ts'
import type { Told } from './agents-real/tell.ts'
import { STORY_NAMES, tellAll } from './agents-real/tell.ts'

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    story: { type: 'string' },
    network: { type: 'string', default: 'open' },
    offline: { type: 'boolean', default: false },
  },
})
const wanted = values.only?.split(',')
const programs = PROGRAMS.filter(({ name }) => wanted === undefined || wanted.includes(name))
const unknown = wanted?.find((name) => PROGRAMS.every((program) => program.name !== name))
if (unknown !== undefined) {
  print(`There is no program ${unknown}; there are ${PROGRAMS.map(({ name }) => name).join(', ')}.`)
  process.exit(EXIT.usage)
}

const told: Told[] = []
for (const program of programs) {
  const installed = await install(program, !values.offline)
  const version = `${program.name} ${program.version}`
  if (installed.kind === 'absent') {
    for (const story of STORY_NAMES)
      told.push({ program: version, story, kind: 'skipped', words: installed.why, seconds: 0 })
    continue
  }
  if (installed.fetched) print(`installed ${program.package}@${program.version}`)
  const options = { program, bin: installed.bin, network: values.network }
  for await (const one of tellAll(options, values.story)) {
    const each = { ...one, program: version }
    told.push(each)
    print(
      `${each.program}  ${each.story}: ${each.kind} (${each.seconds.toFixed(1)} s) ${each.words}`,
    )
  }
}

print()
const header = ['program', 'story', 'result', 'seconds', ''].map((text) => ({ text }))
const rows = told.map(({ program, story, kind, words, seconds }) =>
  [program, story, kind, seconds.toFixed(1), words].map((text) => ({ text })),
)
for (const line of table([header, ...rows])) print(line)
const count = (kind: Told['kind']): number => told.filter((each) => each.kind === kind).length
print()
print(`${count('passed')} passed, ${count('failed')} failed, ${count('skipped')} skipped`)
process.exitCode =
  count('failed') > 0 ? EXIT.wrong : count('passed') === 0 ? EXIT.unreachable : EXIT.ok
