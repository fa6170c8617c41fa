/**
 * The other end of `launch-elsewhere`: starts programs whose streams are connections to the app, so that not a byte
 * of theirs passes through this process.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { Socket } from 'node:net'
import type { FromLauncher, ToLauncher } from './launch-messages.ts'

/** Gives the ear to which the app's messages go. */
export function serveLaunch(
  tell: (message: FromLauncher) => void,
): (message: ToLauncher) => Promise<void> {
  return async ({ ticket, doors, launch }) => {
    const streams: Socket[] = []
    try {
      const { program, args, cwd, env, report } = launch
      for (let at = 0; at < (report ? 4 : 3); at++)
        streams.push(await connect(doors, `${ticket}${at}`))
      const child = spawn(program, args, { cwd, env, detached: true, stdio: streams })
      child.once('exit', (code, signal) => tell({ kind: 'ended', ticket, exit: { code, signal } }))
      // An error after the start is one of signalling, which is not done from here.
      child.on('error', () => {})
      await once(child, 'spawn')
      if (child.pid === undefined) throw new Error('a process that has started has a pid')
      tell({ kind: 'started', ticket, pid: child.pid })
    } catch (error) {
      tell({ kind: 'refused', ticket, why: error instanceof Error ? error.message : String(error) })
    } finally {
      // The program has its own copies by now.
      for (const stream of streams) stream.destroy()
    }
  }
}

/** Paused before it connects: what the app says is the program's to read. */
async function connect(doors: string, header: string): Promise<Socket> {
  const socket = new Socket()
  socket.pause()
  socket.on('error', () => {})
  socket.connect({ path: doors })
  await once(socket, 'connect')
  await new Promise<void>((resolve, reject) => {
    socket.write(header, (error) => (error instanceof Error ? reject(error) : resolve()))
  })
  return socket
}
