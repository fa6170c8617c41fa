/** Runs the demo: starts its world, tells live what happens, and stays up for a person to click, or ends with the story. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CommandEnd, EXIT } from '../exit.ts'
import { printReviews } from '../run-reviews.ts'
import { oneLine, paint, print } from '../terminal.ts'
import { listenForStop, untilStopped } from '../until-stopped.ts'
import { follow } from './follow.ts'
import type { News } from './follow.ts'
import { openStage } from './stage.ts'
import type { Narrator } from './stage.ts'
import { AT_ONCE, tellStory } from './story.ts'
import { tally } from './tally.ts'
import { DEMO_REPOSITORY, openDemoWorld } from './world.ts'
import type { DemoWorld } from './world.ts'

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
  const narrator: Narrator = {
    did: (text) => line('person', text),
    saw: (text) => line('seen', text, 'good'),
  }
  await using leaving = new AsyncDisposableStack()
  leaving.defer(() => rmSync(folder, { recursive: true, force: true }))
  print(paint('Yardmaster, on a GitHub of your own: nothing leaves this machine.', 'bold'))
  print(
    'The agent of this demo is scripted (builtin:patch): it applies the patch written in the issue. No model is asked.',
  )
  print()
  line('starting', 'the emulator, and Yardmaster as a process of its own')
  const world = await openDemoWorld({ folder, port: options.port, environment: process.env })
  leaving.defer(() => world.stop())
  const { emulator, part } = world
  const { jail, pid } = await world.live()
  const agents = jail === 'none' ? 'without a sandbox' : `in ${jail}`
  line(
    'ready',
    `GitHub stand-in at ${emulator.url}, Yardmaster is process ${pid}, agents ${agents}`,
  )
  const following = follow(
    () => part.reading(),
    (news) => line(news.step, `#${news.number}: ${news.text}`, news.tone),
  )
  leaving.defer(() => following.stop())
  if (options.once) {
    await Promise.race([
      tellStory(world, narrator),
      wish.asked.then(() => end('Stopped before its end; the demo leaves nothing behind.')),
      part.died().then((words) => end(`Yardmaster ended unasked. ${words}`)),
    ])
    await following.stop()
    await report(world)
    return EXIT.ok
  }
  const stage = openStage(world, narrator)
  for (const number of AT_ONCE) stage.label(number)
  invite(world, pid)
  const told = (text: string): void => line('ready', text)
  return await untilStopped(
    () => leaving.disposeAsync(),
    { stopping: 'Stopping; the demo leaves nothing behind.', broken: keepAlive(world, told) },
    wish,
  )
}

/** Starts it again whenever a person has killed it. Resolves with the reason when it cannot be started. */
async function keepAlive(world: DemoWorld, tell: (text: string) => void): Promise<string> {
  for (;;) {
    await world.part.died()
    tell('the process of Yardmaster is gone; it is started again')
    try {
      const { pid } = await world.live()
      tell(`Yardmaster is process ${pid} now, and goes on`)
    } catch (error) {
      return String(error)
    }
  }
}

const TONES = { plain: 'plain', good: 'green', bad: 'yellow' } as const

function end(words: string): never {
  throw new CommandEnd(words, EXIT.wrong)
}

function invite({ board, emulator: { url } }: DemoWorld, pid: number): void {
  const at = (path: string): string => paint(`${url}${path}`, 'cyan')
  const here = (path: string): string => at(`/${DEMO_REPOSITORY}${path}`)
  print()
  print(paint('Your turn, in a browser:', 'bold'))
  print(`  1. Watch #1 being worked            ${here('/issues/1')}`)
  print(`  2. Answer #2: comment \`/answer 2\`   ${here('/issues/2')}`)
  print(`  3. Read the diffs, review, merge    ${here('/pulls')}`)
  print(`  4. Label #4: it says why it waits   ${here('/issues/4')}`)
  print(
    `  5. See it all on the board          ${at(`/orgs/${board.owner}/projects/${board.project}`)}`,
  )
  print(`  6. Let it die: kill -9 ${pid}          it is started again, and goes on`)
  print()
  print(`Next, on your own code: ${paint('npm run yardmaster -- try <folder>', 'bold')}`)
  print('Ctrl+C ends the demo and deletes what it made.')
  print()
}

/** Ends with what waits for people, as `yardmaster reviews` lists it, and with what GitHub holds. */
async function report({ board, emulator, part }: DemoWorld): Promise<void> {
  const { counters } = emulator.journal
  const pulls = emulator.pulls(DEMO_REPOSITORY)
  const asked = counters.requests - counters.tokenMints
  print()
  print('See it yourself, in a browser: npm run demo')
  print('On your own code: npm run yardmaster -- try <folder>')
  print()
  print(`${pulls.length} issues became ${pulls.length} pull requests, with ${asked} API requests.`)
  print()
  const reviews = await (await part.reading())?.reviews()
  if (reviews !== undefined) printReviews(reviews, null)
  const { duplicates, unneeded } = tally(emulator, DEMO_REPOSITORY, board)
  print()
  print(
    `Duplicates: ${duplicates}. Unneeded comments: ${unneeded}. Wrong uses of GitHub's API: ${emulator.violations.length}.`,
  )
}
