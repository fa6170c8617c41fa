/** Counts on GitHub's side what should never be there: things that stand twice, and comments that nobody needed. */
import type { Comment, Emulator } from '../../emulator/emulator.ts'

export interface Tally {
  /** Pull requests for one branch, check runs for one head, status comments of one issue, and so on, beyond the first. */
  readonly duplicates: number
  /** Comments of the App beside each issue's status comment that want nothing of anybody. */
  readonly unneeded: number
}

export function tally(emulator: Emulator, repo: string, board: Board): Tally {
  const threads = [...emulator.issues(repo), ...emulator.pulls(repo)]
  const comments = threads.flatMap(({ number }) =>
    emulator
      .comments({ repo, number })
      .filter(byApp)
      .map((comment) => ({ number, comment })),
  )
  const replies = emulator
    .pulls(repo)
    .flatMap(({ number }) => emulator.threads({ repo, number }))
    .flatMap((thread) =>
      thread.comments.filter(byApp).map(({ body }) => ({ thread: thread.comments[0]?.id, body })),
    )
  const things: readonly (readonly string[])[] = [
    emulator
      .pulls(repo)
      .filter(byApp)
      .map(({ pull }) => pull.head.ref),
    emulator.checks(repo).map(({ name, suite }) => `${name} ${suite.headSha}`),
    comments.map(({ number, comment }) => `${number} ${markOf(comment)}`),
    replies.map(({ body, thread }) => `${thread} ${body}`),
    emulator.project(board).items.map(({ content }) => String(content.number)),
    emulator
      .issues(repo)
      .filter(byApp)
      .map(({ title }) => title),
  ]
  return {
    duplicates: things.reduce((sum, each) => sum + each.length - new Set(each).size, 0),
    unneeded: comments.filter(
      ({ comment }) => !isStatus(comment) && !callsSomebody(emulator, comment),
    ).length,
  }
}

type Board = Parameters<Emulator['project']>[0]

const byApp = ({ user }: { readonly user: { readonly type: string } }): boolean =>
  user.type === 'Bot'

/** What the comment is about, as its hidden mark says; without one only its words. */
const markOf = ({ body }: Comment): string => /<!-- yardmaster:1 (\S+) /.exec(body)?.[1] ?? body

/** It alone carries the record of its task. */
const isStatus = ({ body }: Comment): boolean => body.includes('<!-- yardmaster-record:')

/** A person is mentioned where their next step is wanted, and only there. */
const callsSomebody = (emulator: Emulator, { body }: Comment): boolean =>
  [...emulator.world.users.values()].some(
    ({ login, type }) => type === 'User' && body.includes(`@${login}`),
  )
