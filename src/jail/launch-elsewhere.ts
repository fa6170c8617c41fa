/**
 * Starts jailed programs from the small process, where a start costs the app no standstill. Their streams are
 * connections to a socket of ours, which the small process hands on to the program as they are.
 */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Server, type Socket } from 'node:net'
import { join } from 'node:path'
import type { Readable, Writable } from 'node:stream'
import type { Ids } from '../ports/ids.ts'
import type { JailExit } from '../ports/jail.ts'
import type { SmallProcess } from '../ports/small-process.ts'
import { ignore, keep, notStarted } from './launch.ts'
import type { Launch, Launched, Launcher } from './launch.ts'
import { HEADER, TICKET } from './launch-messages.ts'
import type { FromLauncher, ToLauncher } from './launch-messages.ts'

export interface ElsewhereOptions {
  /** Its room `launch` answers as `serveLaunch` does. */
  readonly process: SmallProcess
  readonly ids: Ids
  /** A folder of ours with a short path. */
  readonly sockets: string
}

export interface LaunchElsewhere {
  readonly launch: Launcher
  readonly close: () => Promise<void>
}

/** One program, from its ticket until it has ended and all its streams have come: either may be first. */
interface Ticket {
  readonly stdin: PromiseWithResolvers<Writable>
  /** File descriptors 1 to 3. */
  readonly outputs: readonly PromiseWithResolvers<Readable>[]
  readonly started: PromiseWithResolvers<number>
  readonly exited: PromiseWithResolvers<JailExit>
}

export async function launchElsewhere({
  process,
  ids,
  sockets,
}: ElsewhereOptions): Promise<LaunchElsewhere> {
  const tickets = new Map<string, Ticket>()
  const folder = mkdtempSync(join(sockets, 'doors-'))
  const doors = join(folder, 'doors')
  const connected = new Set<Socket>()
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    connected.add(socket)
    socket.once('close', () => connected.delete(socket))
    onHeader(socket, (name, at) => {
      const ticket = tickets.get(name)
      const output = ticket?.outputs[at - 1]
      if (ticket !== undefined && at === 0) ticket.stdin.resolve(socket)
      else if (output === undefined) socket.destroy()
      else output.resolve(readOnly(socket))
    })
  })
  await listen(server, doors)
  chmodSync(doors, 0o600)

  const line = process.room<ToLauncher, FromLauncher>('launch', {
    greeting: null,
    hear: (message) => {
      const ticket = tickets.get(message.ticket)
      if (message.kind === 'started') ticket?.started.resolve(message.pid)
      else if (message.kind === 'ended') ticket?.exited.resolve(message.exit)
      else ticket?.started.reject(new Error(message.why))
    },
    // What runs in a jail dies with the process that started it.
    gone: (why) => {
      for (const { started, exited } of tickets.values()) {
        started.reject(new Error(`the process that starts programs is gone: ${why}`))
        exited.resolve({ code: null, signal: 'SIGKILL' })
      }
    },
  })

  async function launch(wanted: Launch): Promise<Launched> {
    const name = ids.unique()
    if (name.length !== TICKET) throw new Error(`a ticket has ${TICKET} letters`)
    const ticket = ticketFor(wanted)
    tickets.set(name, ticket)
    const exited = ticket.exited.promise
    try {
      line.tell({ ticket: name, doors, launch: wanted })
      const pid = await ticket.started.promise
      const stdin = await ticket.stdin.promise
      const [stdout, stderr, report = null] = await Promise.all(
        ticket.outputs.map(({ promise }) => promise),
      )
      if (stdout === undefined || stderr === undefined) throw new Error('both are connected')
      // Nobody is told anything after its end.
      void exited.then(() => {
        stdin.destroy()
        tickets.delete(name)
      })
      return { pid, stdin, stdout, stderr, report, exited }
    } catch (error) {
      tickets.delete(name)
      for (const { promise } of [ticket.stdin, ...ticket.outputs])
        void promise.then((stream) => stream.destroy())
      throw notStarted(error)
    }
  }

  return {
    launch,
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      // What outlived its jail keeps nobody waiting.
      for (const socket of connected) socket.destroy()
      await closed
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

const ticketFor = ({ report }: Launch): Ticket => ({
  stdin: Promise.withResolvers<Writable>(),
  outputs: (report ? [1, 2, 3] : [1, 2]).map(() => Promise.withResolvers<Readable>()),
  started: Promise.withResolvers<number>(),
  exited: Promise.withResolvers<JailExit>(),
})

/** Our half is closed at once, so that the connection goes when the program has ended its own. */
function readOnly(socket: Socket): Readable {
  socket.end()
  return keep(socket)
}

/**
 * Whoever connects says first whose stream it is; what follows is left in the socket. `hear` is called at once, not
 * a turn later: by then a program that said nothing may have ended the stream, and an end is told only once.
 */
function onHeader(socket: Socket, hear: (ticket: string, at: number) => void): void {
  const look = (): void => {
    const header: Buffer | null = socket.read(HEADER)
    if (header === null) return
    socket.off('readable', look)
    const words = header.toString('latin1')
    hear(words.slice(0, TICKET), Number(words.slice(TICKET)))
  }
  socket.on('error', ignore).on('readable', look)
}

async function listen(server: Server, path: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(path, resolve)
  })
}
