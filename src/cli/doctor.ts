/** `yardmaster doctor`: is everything there that it needs, and what to do about what is not. */
import type { Command } from 'commander'
import type { Line } from './doctor/line.ts'
import { CommandEnd, EXIT } from './exit.ts'
import { documented } from './manual.ts'
import { paint, print, printJson, table } from './terminal.ts'
import type { Paint } from './terminal.ts'

export function doctorCommand(): Command {
  return documented({
    name: 'doctor',
    summary: 'Check all that Yardmaster needs, and say what to do about what is missing.',
    details: [
      'Looks at Node, git, the settings, the store, the jail, the agents, the GitHub App and the repositories it is installed on. Changes nothing, and works before anything is set up.',
      'Ends with 1 when something is bad; warnings alone end with 0.',
    ],
    examples: [
      ['yardmaster doctor', 'look at everything'],
      ['yardmaster doctor --json', 'for scripts and bug reports; holds no secret'],
    ],
  })
    .option('--json', 'Print JSON.')
    .action(async (options: { readonly json?: true }) => {
      const { loadEnvironment } = await import('./load-settings.ts')
      const { examine } = await import('./doctor/examine.ts')
      const lines = await examine(loadEnvironment(process.cwd()), process.env)
      const count = countLevels(lines)
      if (options.json) printJson({ lines, ...count })
      else printLines(lines, count)
      if (count.bad > 0) throw new CommandEnd('', EXIT.wrong)
    })
}

type Count = Readonly<Record<Line['level'], number>>

function countLevels(lines: readonly Line[]): Count {
  const count = { ok: 0, warn: 0, bad: 0 }
  for (const { level } of lines) count[level] += 1
  return count
}

const PAINTS: Readonly<Record<Line['level'], Paint>> = { ok: 'green', warn: 'yellow', bad: 'red' }

function printLines(lines: readonly Line[], count: Count): void {
  const rows = table(
    lines.map(({ level, check, says }) => [
      { text: level, paint: PAINTS[level] },
      { text: check, paint: 'bold' },
      { text: says },
    ]),
    // What is wrong, and where, is never cut.
    null,
  )
  for (const [at, { fix }] of lines.entries()) {
    print(rows[at] ?? '')
    if (fix !== null) print(`      ${paint(`→ ${fix}`, 'dim')}`)
  }
  print()
  print(`${count.ok} ok, ${count.warn} to look at, ${count.bad} to mend.`)
}
