/** Has boards shown anew through whoever has the store. */
import { CommandEnd, EXIT } from './exit.ts'
import { plural } from './print-queue.ts'
import { print, printJson } from './terminal.ts'
import { withReading } from './with-reading.ts'

export async function syncBoards(repository: string | null, json: boolean): Promise<void> {
  await withReading(async ({ boards, live }) => {
    const answer = await boards.sync(repository)
    if (answer.kind === 'missing') throw new CommandEnd(answer.message, EXIT.wrong)
    if (json) return printJson({ ...answer, live: live !== null })
    if (answer.boards.length === 0)
      return print('No repository names a board. `yardmaster board init <account>` makes one.')
    const cards = plural(answer.cards, 'card')
    print(
      live === null
        ? `${cards} will be looked at when Yardmaster starts: ${answer.boards.join(', ')}.`
        : `${cards} on ${answer.boards.join(', ')}: what lies wrong is written in the next minutes.`,
    )
  })
}
