/** Pauses and resumes through whoever has the store, and says what came of it. */
import { fileScope } from '../domain/pause.ts'
import type { PauseWish } from '../ports/pausing.ts'
import { sayPause } from '../render/pause.ts'
import { killSwitchPath } from '../system/kill-switch.ts'
import { CommandEnd, EXIT } from './exit.ts'
import { plural } from './print-queue.ts'
import { print } from './terminal.ts'
import { withReading } from './with-reading.ts'

export async function pauseWork(wish: PauseWish): Promise<void> {
  await withReading(async ({ pausing }) => {
    const answer = await pausing.pause(wish)
    if (answer.kind === 'missing') throw new CommandEnd(answer.message, EXIT.wrong)
    const { running } = answer
    const where = wish.repository === null ? 'anywhere' : `in ${wish.repository}`
    print(`Paused: nothing new starts ${where}.`)
    if (running > 0) print(wish.now ? parking(running) : goingOn(running))
    print(`To go on: yardmaster resume ${wish.repository ?? '--all'}`)
  })
}

const parking = (running: number): string =>
  `${plural(running, 'attempt')} under way ${running === 1 ? 'is' : 'are'} stopped; the work is kept.`
const goingOn = (running: number): string =>
  `${plural(running, 'attempt')} under way ${running === 1 ? 'goes' : 'go'} on; --now would park ${running === 1 ? 'it' : 'them'}.`

export async function resumeWork(repository: string | null): Promise<void> {
  await withReading(async ({ pausing, reading }, { dataFolder }) => {
    const answer = await pausing.resume({ repository })
    if (answer.kind === 'missing') throw new CommandEnd(answer.message, EXIT.wrong)
    const { ended, fileRemoved } = answer
    if (fileRemoved) print(`Removed ${killSwitchPath(dataFolder)}.`)
    print(ended.length === 0 && !fileRemoved ? 'Nothing was paused here.' : 'Resumed.')
    for (const pause of ended) print(`  Ended: ${sayPause(pause)}.`)
    const other = ended.filter(
      ({ scope }) => scope.startsWith(fileScope('')) && !scope.endsWith(killSwitchPath(dataFolder)),
    )
    for (const { scope } of other)
      print(
        `  If that file is still there, its app pauses again: ${scope.slice(fileScope('').length)}`,
      )
    const { pauses } = await reading.queue({ all: false })
    for (const { repository: own, why } of pauses)
      print(`Still paused: ${why} (yardmaster resume ${own ?? '--all'})`)
  })
}
