/**
 * The way from an agent's jail to our tools: a socket in a folder that only this agent's jail can see, and a program of
 * four lines inside, which the agent starts as an MCP server and which carries its standard streams there. The server
 * itself runs here, so nothing in the jail has to be believed or kept up to date, and no network is needed. Whoever
 * connects says the attempt's token first: without a jail a socket is found by anybody of the same user. The token is
 * told to the agent alone, and dies with the door.
 */
import { randomBytes, timingSafeEqual } from 'node:crypto'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import type { McpServerStdio } from '@agentclientprotocol/sdk'
import { BOUNDS } from '../bounds.ts'

export interface Door {
  /** As it is named to an agent. */
  readonly server: McpServerStdio
  /** What its jail must be able to see. */
  readonly folder: string
  /** Called once for each connection from then on that has said the token. */
  onConnection(hear: (socket: Socket) => void): void
  close(): Promise<void>
}

/** The variable in which the bridge finds the token. Programs that hide secrets from their children go by names such as *TOKEN*. */
const TOKEN = 'YARDMASTER_ATTEMPT'

/** Ends with whichever side ends first: an agent waits for its servers to exit. */
const BRIDGE = `const s=require('node:net').connect(process.argv[1]);
s.write(process.env.${TOKEN}+'\\n');
process.stdin.pipe(s);s.pipe(process.stdout);
s.on('error',()=>process.exit(1));s.on('close',()=>process.exit(0));
process.stdout.on('error',()=>process.exit(1))`

/** `within`: a folder whose path is short (a socket's own may have 103 characters). `node`: Node in the jail. Throws what the system says. */
export async function openDoor(within: string, node: string): Promise<Door> {
  const folder = await mkdtemp(join(within, 'yard-'))
  const path = join(folder, 'tools')
  const token = randomBytes(24).toString('base64url')
  const sockets = new Set<Socket>()
  let hear: (socket: Socket) => void = (socket) => socket.destroy()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => {}).on('close', () => sockets.delete(socket))
    admit(socket, token, () => hear(socket))
  })
  server.maxConnections = BOUNDS.toolConnections
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject).listen(path, resolve)
    })
    await chmod(path, 0o600)
  } catch (error) {
    await rm(folder, { recursive: true, force: true })
    throw error
  }
  return {
    server: {
      name: 'yardmaster',
      command: node,
      args: ['-e', BRIDGE, path],
      env: [{ name: TOKEN, value: token }],
    },
    folder,
    onConnection: (listener) => {
      hear = listener
    },
    async close() {
      for (const socket of sockets) socket.destroy()
      await new Promise<void>((resolve) => {
        server.close(() => resolve())
      })
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** A connection that does not begin with the token, or is slow to, is ended without a word. */
function admit(socket: Socket, token: string, onAdmitted: () => void): void {
  let said: Buffer = Buffer.alloc(0)
  socket.setTimeout(BOUNDS.tokenMilliseconds, () => socket.destroy())
  socket.on('data', hearToken)

  function hearToken(chunk: Buffer): void {
    said = Buffer.concat([said, chunk])
    const end = said.indexOf(10)
    if (end < 0 && said.length <= token.length) return
    socket.off('data', hearToken).pause().setTimeout(0)
    const right = end === token.length && timingSafeEqual(said.subarray(0, end), Buffer.from(token))
    if (!right) return void socket.destroy()
    const rest = said.subarray(end + 1)
    if (rest.length > 0) socket.unshift(rest)
    onAdmitted()
  }
}
