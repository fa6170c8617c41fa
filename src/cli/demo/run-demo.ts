/** Runs the demo: starts its world, tells live what happens, and stays up for a person to click, or ends with the story. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLog } from '../../system/log.ts'
import { CommandEnd, EXIT } from '../exit.ts'
import { oneLine, paint, print } from '../terminal.ts'
import type { LocalWorld } from '../local-world.ts'
import { listenForStop, untilStopped } from '../until-stopped.ts'
import { follow } from './follow.ts'
import type { News } from './follow.ts'
import { MAINTAINER } from './seed.ts'
import { tellStory } from './story.ts'
import { DEMO_REPOSITORY, startDemoWorld } from './world.ts'

export interface DemoOptions {
  /** Tell the story to its end and exit. */
  readonly once: boolean
  readonly port: number
}

export async function runDemo(options: DemoOptions): Promise<number> {
  const wish = listenForStop()
  const folder = mkdtempSync(join(tmpdir(), 'yardmaster-demo-'))
  const started = performance.now()
  const line = (step: string, text: string, tone: News['tone'] = 'plain'): void => {
    const at = `${((performance.now() - started) / 1000).toFixed(1)} s`.padStart(8)
    print(`${paint(at, 'dim')}  ${paint(step.padEnd(14), TONES[tone])}${oneLine(text)}`)
  }
  print(paint('Yardmaster, on a GitHub of your own: nothing leaves this machine.', 'bold'))
  print(
    'The agent of this demo is scripted (builtin:patch): it applies the patch written in the issue. No model is asked.',
  )
  print()
  line('starting', 'the emulator, the store and Yardmaster')
  let world: LocalWorld | null = null
  const stop = async (): Promise<void> => {
    await world?.stop()
    rmSync(folder, { recursive: true, force: true })
  }
  try {
    world = await startDemoWorld({
      folder,
      port: options.port,
      log: createLog(process.env['LOG_LEVEL'] ?? 'error'),
      environment: process.env,
    })
    const { emulator } = world
    const running = world.yardmaster()
    line(
      'ready',
      `GitHub stand-in at ${emulator.url}, agents ${running.jailKind === 'none' ? 'without a sandbox' : `in ${running.jailKind}`}`,
    )
    const following = follow(running.store, (news) =>
      line(news.step, `#${news.number}: ${news.text}`, news.tone),
    )
    if (options.once) {
      const broken = wish.asked.then(() => {
        throw new CommandEnd('Stopped before its end; the demo leaves nothing behind.', EXIT.wrong)
      })
      const story = tellStory(world, {
        did: (text) => line('person', text),
        saw: (text) => line('seen', text, 'good'),
      })
      try {
        await Promise.race([story, broken])
      } finally {
        await following.stop()
      }
      report(world)
      await stop()
      return EXIT.ok
    }
    line('person', `${MAINTAINER} sets the label \`yardmaster\` on #1`)
    emulator.label({ repo: DEMO_REPOSITORY, number: 1, as: MAINTAINER, label: 'yardmaster' })
    invite(emulator.url)
    return await untilStopped(
      async () => {
        await following.stop()
        await stop()
      },
      { stopping: 'Stopping; the demo leaves nothing behind.' },
      wish,
    )
  } catch (error) {
    await stop()
    throw error
  }
}

const TONES = { plain: 'plain', good: 'green', bad: 'yellow' } as const

function invite(url: string): void {
  const at = (path: string): string => paint(`${url}/${DEMO_REPOSITORY}${path}`, 'cyan')
  print()
  print(paint('Your turn, in a browser:', 'bold'))
  print(`  1. Watch #1 being worked     ${at('/issues/1')}`)
  print(`  2. Read the diff and merge   ${at('/pulls')}`)
  print(`  3. Label #2 \`yardmaster\`     ${at('/issues/2')}`)
  print(`  4. Label #3: it says why it waits  ${at('/issues/3')}`)
  print()
  print(`Next, on your own code: ${paint('npm run yardmaster -- try <folder>', 'bold')}`)
  print('Ctrl+C ends the demo and deletes what it made.')
  print()
}

function report(world: LocalWorld): void {
  const { counters } = world.emulator.journal
  print()
  print(
    `Two issues became pull requests, with ${counters.requests - counters.tokenMints} API requests; wrong uses of GitHub's API: ${world.emulator.violations.length}.`,
  )
  print('The agent was scripted (builtin:patch). See it yourself, in a browser: npm run demo')
  print('On your own code: npm run yardmaster -- try <folder>')
}
