/** The program of the small process. It lives as long as the app that started it, and not longer. */
import type { ToGitProcess } from '../git/messages.ts'
import { serveGit } from '../git/serve-git.ts'
import type { ToLauncher } from '../jail/launch-messages.ts'
import { serveLaunch } from '../jail/serve-launch.ts'
import { systemClock } from '../system/clock.ts'
import type { Envelope } from '../system/small-process.ts'

/** An app that has just gone hears nothing any more; the end of the line ends this process. */
const tellAs = (room: string) => (message: unknown) =>
  void process.send?.({ room, message }, undefined, {}, () => {})
const git = serveGit({ send: tellAs('git'), clock: systemClock })
const launch = serveLaunch(tellAs('launch'))
process.on('message', ({ room, message }: Envelope) => {
  void (room === 'git' ? git(message as ToGitProcess) : launch(message as ToLauncher))
})
// A Ctrl+C in the terminal reaches the whole group; the app ends this process when its last call is done.
process.on('SIGINT', () => undefined)
process.on('SIGTERM', () => undefined)
process.on('disconnect', () => process.exit(0))
