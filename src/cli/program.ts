/** The whole command line as data: the entry runs it, and docs/reference.md is written from it. */
import { Command } from 'commander'
import { boardCommand } from './board.ts'
import { backupCommand } from './backup.ts'
import { demoCommand } from './demo.ts'
import { doctorCommand } from './doctor.ts'
import { emulatorCommand } from './emulator.ts'
import { EXIT_MEANINGS } from './exit.ts'
import { ledgerCommand } from './ledger.ts'
import { moveCommand } from './move.ts'
import { pauseCommand, resumeCommand } from './pause.ts'
import { promptCommand } from './prompt.ts'
import { queueCommand } from './queue.ts'
import { reviewsCommand } from './reviews.ts'
import { rebuildCommand } from './rebuild.ts'
import { restoreCommand } from './restore.ts'
import { runnerRoleCommand } from './runner-role.ts'
import { runnerCommand } from './runner.ts'
import { showCommand } from './show.ts'
import { startCommand } from './start.ts'
import { tryCommand } from './try.ts'
import { VERSION } from '../system/version.ts'

export function createProgram(): Command {
  const program = new Command('yardmaster')
    .description(
      'Label a GitHub issue; a coding agent works it; a verified pull request waits for review.',
    )
    .version(VERSION, '-V, --version', 'Print the version.')
    .helpOption('-h, --help', 'Show this help; also after any command.')
    .helpCommand(false)
    .showHelpAfterError('Run `yardmaster --help` to see what there is.')
    .addHelpText('after', () => `\n${ENDING}`)
  const commands = [
    demoCommand(),
    tryCommand(),
    startCommand(),
    runnerCommand(),
    runnerRoleCommand(),
    doctorCommand(),
    queueCommand(),
    reviewsCommand(),
    boardCommand(),
    pauseCommand(),
    resumeCommand(),
    showCommand(),
    promptCommand(),
    ledgerCommand(),
    rebuildCommand(),
    backupCommand(),
    restoreCommand(),
    moveCommand(),
    emulatorCommand(),
  ]
  for (const command of commands) {
    program.addCommand(
      command
        .exitOverride()
        .showHelpAfterError(`Run \`yardmaster ${command.name()} --help\` for examples.`),
    )
  }
  return program.exitOverride()
}

const ENDING = [
  'Exit codes:',
  ...EXIT_MEANINGS.map(([code, meaning]) => `  ${code}  ${meaning}`),
].join('\n')
