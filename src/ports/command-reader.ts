/** Reads comments as commands. Markdown can be written to be slow, so it is read away from the thread that serves. */
import type { Listening } from '../commands/parse.ts'
import type { CommandReading } from '../domain/command.ts'

export interface CommandReader {
  /**
   * Null: nothing in it is meant for Yardmaster. What cannot be read in time is refused as `unreadable`. Comments are
   * read one after another, so ask first whether the one who wrote it may say anything at all.
   */
  read(body: string, listening: Listening): Promise<CommandReading | null>
  close(): Promise<void>
}
