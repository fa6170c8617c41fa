/** Our tools for agents, over MCP: what an agent has to tell us while it works, typed, instead of in prose. */
import type { Socket } from 'node:net'
import { Transform } from 'node:stream'
import type { McpServer } from '@modelcontextprotocol/server'
import { z } from 'zod'
import { askedOf, MAX_OPTIONS } from '../../domain/question.ts'
import type { Asked } from '../../domain/question.ts'
import type { Log } from '../../ports/log.ts'
import { BOUNDS } from '../bounds.ts'
import { Report } from '../report-format.ts'
import type { Door } from './open-door.ts'

export interface ToolHandlers {
  /** The attempt ends with it: the call is never answered in this life of the agent. */
  readonly onAsk: (asked: Asked) => void
  /** The newest counts. */
  readonly onReport: (report: Report) => void
  readonly onProgress: (message: string) => void
  /** Everything that comes in, for whoever bounds what an agent puts out. */
  readonly onBytes: (count: number) => void
}

const words = (limit: number) => z.string().min(1).max(limit)

const Ask = z.object({
  text: words(BOUNDS.question).describe(
    'The question, with what a person must know to decide it. Markdown.',
  ),
  options: z
    .array(words(BOUNDS.line))
    .max(MAX_OPTIONS)
    .optional()
    .describe('What may be chosen, at most nine. Leave it out when an answer in words is needed.'),
  recommended: z.int().optional().describe('The option that you recommend, counted from 1.'),
})
const Progress = z.object({
  message: words(BOUNDS.line).describe('One line: what you are doing now.'),
})
const Told = z.object({
  summary: words(BOUNDS.summary).describe(
    'For the reviewer: what you changed and why, what is left open. Markdown.',
  ),
  decisions: z
    .array(words(BOUNDS.line))
    .max(50)
    .optional()
    .describe('Decisions that a reviewer should know of, one sentence each.'),
})

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
      const server = new Server({ name: 'yardmaster', version: '1' })
      register(server, handlers)
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

function register(server: McpServer, { onAsk, onReport, onProgress }: ToolHandlers): void {
  const done = (text: string) => ({ content: [{ type: 'text' as const, text }] })
  server.registerTool(
    'ask',
    {
      description:
        'Ask a person something that only a person may decide. Your turn ends with this call; you are called again with the answer, perhaps days later, and your files are as you left them. Ask only what you cannot find out or decide yourself.',
      inputSchema: Ask,
    },
    (given) => {
      onAsk(askedOf(given))
      return done('The question is being asked. End your turn now; you will be called again.')
    },
  )
  server.registerTool(
    'report',
    {
      description:
        'Say what you did, when you are done. It becomes the text of the pull request; the last report counts.',
      inputSchema: Told,
    },
    (given) => {
      onReport(Report.parse(given))
      return done('Recorded.')
    },
  )
  server.registerTool(
    'progress',
    {
      description:
        'Tell people who wait what you are doing now, in one line. Not more than needed.',
      inputSchema: Progress,
    },
    ({ message }) => {
      onProgress(message)
      return done('Shown.')
    },
  )
}
