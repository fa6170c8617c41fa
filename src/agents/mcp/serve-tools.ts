/** Serves our tools for agents over MCP, to whoever comes through the door of one attempt. */
import type { Socket } from 'node:net'
import { Transform } from 'node:stream'
import type { Log } from '../../ports/log.ts'
import { BOUNDS } from '../bounds.ts'
import type { ToolHandlers } from './hear-tools.ts'
import type { Door } from './open-door.ts'
import { registerTools } from './tools.ts'

/** Codex names a server by this where it shows its tools only to a model that searches for them. */
const INSTRUCTIONS =
  'How to speak with the people who gave you this task: ask what only they may decide, and report what you did.'

/** Loaded with the first agent that asks for it: an install that only ever runs `builtin:patch` never pays its 30 MB. */
const load = async () => ({
  ...(await import('@modelcontextprotocol/server')),
  ...(await import('@modelcontextprotocol/server/stdio')),
})

export function serveTools(door: Door, handlers: ToolHandlers, log: Log): void {
  door.onConnection((socket) => {
    serve(socket, handlers, log).catch((error: unknown) => {
      log.warn({ error }, 'an agent could not be given its tools')
      socket.destroy()
    })
  })
}

async function serve(socket: Socket, handlers: ToolHandlers, log: Log): Promise<void> {
  const { McpServer: Server, StdioServerTransport, serveStdio } = await load()
  const transport = new StdioServerTransport(socket.pipe(metered(socket, handlers)), socket)
  serveStdio(
    () => {
      const server = new Server(
        { name: 'yardmaster', version: '1' },
        { instructions: INSTRUCTIONS },
      )
      registerTools(server, handlers)
      return server
    },
    {
      transport,
      onerror: (error) => log.debug({ error: error.message }, 'an agent’s tools complained'),
    },
  )
}

/** A line that does not end is nobody's message: the connection goes, and what had been read of it with it. */
function metered(socket: Socket, { onBytes }: ToolHandlers): Transform {
  let line = 0
  return new Transform({
    transform(chunk: Buffer, _encoding, pass) {
      onBytes(chunk.length)
      const end = chunk.lastIndexOf(10)
      line = end < 0 ? line + chunk.length : chunk.length - end - 1
      if (line <= BOUNDS.toolBytes) return pass(null, chunk)
      socket.destroy()
      pass()
    },
  })
}
