/** What the stand-in does to whoever runs it: it hangs, crashes, floods, forks and reaches out. */
import { spawn } from 'node:child_process'
import { closeSync, writeFileSync, writeSync } from 'node:fs'
import { flood } from './mock-flood.ts'
import { extra, say, endTurn, hang } from './mock-wire.ts'
import type { Behaviours } from './mock-wire.ts'

export const HARM: Behaviours = {
  'crash-mid-prompt': () => {
    say('Half way\n')
    writeSync(2, 'panic: \u001b[31mout of cheese\u001b[0m\nat mock:1\n')
    process.exit(3)
  },
  'close-output': () => {
    closeSync(1)
    hang()
  },
  'leaves-output-open': () => {
    const sleeper = ['-e', 'setInterval(() => {}, 1000)']
    spawn(process.execPath, sleeper, { detached: true, stdio: ['ignore', 'inherit', 'ignore'] })
    process.exit(5)
  },
  'flood-stdout': () => flood(1, 'x'.repeat(1_000_000)),
  'flood-messages': () => {
    const line = `${JSON.stringify({ jsonrpc: '2.0', method: 'session/update', params: {} })}\n`
    flood(1, line.repeat(2_000))
  },
  'flood-requests': () => {
    process.stdin.pause()
    const line = `${JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'x/y', params: { pad: 'x'.repeat(2_000) } })}\n`
    flood(1, line.repeat(500))
  },
  'flood-stderr': () => flood(2, `${'e'.repeat(99)}\n`.repeat(10_000)),
  garbage: () => flood(1, 'npm WARN this is no protocol\n', 1_000),
  'ignores-sigterm': () => {
    process.on('SIGTERM', () => {})
    hang()
  },
  'double-fork': () => {
    const sleeper = `require('child_process').spawn(process.execPath, ['-e', 'setInterval(()=>{},1000)'], { detached: true, stdio: 'ignore' }).unref(); process.exit(0)`
    const child = spawn(process.execPath, ['-e', sleeper], { detached: true, stdio: 'ignore' })
    child.once('exit', () => {
      say('Left something running.')
      endTurn()
    })
  },
  'writes-outside': () => {
    try {
      writeFileSync(extra, 'escaped')
      say('wrote outside')
    } catch (error) {
      say(`refused: ${(error as NodeJS.ErrnoException).code}`)
    }
    endTurn()
  },
  'hang-after-first': () => say('Thinking…\n'),
  'waits-for-cancel': () => say('Working…\n'),
  'ignores-cancel': () => say('Working…\n'),
}
