/** The program of the process of trusted git. It lives as long as the app that started it, and not longer. */
import { serveGit } from '../git/serve-git.ts'
import type { ToGitProcess } from '../git/messages.ts'
import { systemClock } from '../system/clock.ts'

const hear = serveGit({ send: (message) => void process.send?.(message), clock: systemClock })
process.on('message', (message: ToGitProcess) => void hear(message))
// A Ctrl+C in the terminal reaches the whole group; the app ends this process when its last call is done.
process.on('SIGINT', () => undefined)
process.on('SIGTERM', () => undefined)
process.on('disconnect', () => process.exit(0))
