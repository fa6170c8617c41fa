/** The thread of `command-reader.ts`: comments in, readings out. */
import { parentPort } from 'node:worker_threads'
import { parse } from '../commands/parse.ts'
import type { Listening } from '../commands/parse.ts'
import type { CommandReading } from '../domain/command.ts'
import { visibleText } from '../render/visible.ts'

export interface Comment {
  readonly body: string
  readonly listening: Listening
}

/** `ready` once, then one reading for each comment. */
export type Said = 'ready' | { readonly reading: CommandReading | null }

const say = (said: Said): void => parentPort?.postMessage(said)

parentPort?.on('message', ({ body, listening }: Comment) =>
  say({ reading: parse(body, listening, visibleText) }),
)
say('ready')
