/** Our tools for agents, as an agent reads them: what it has to tell us while it works, typed, instead of in prose. */
import type { CallToolResult, McpServer } from '@modelcontextprotocol/server'
import { z } from 'zod'
import { askedOf, MAX_OPTIONS } from '../../domain/question.ts'
import { BOUNDS } from '../bounds.ts'
import { Report } from '../report-format.ts'
import type { ToolHandlers } from './hear-tools.ts'

export const TOOLS = ['ask', 'progress', 'decision', 'discovery', 'checkpoint', 'report'] as const

const words = (limit: number) => z.string().min(1).max(limit)
const lines = z.array(words(BOUNDS.line)).max(BOUNDS.tellings).optional()

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
const Decision = z.object({
  text: words(BOUNDS.line).describe('One sentence: what you decided, and why.'),
})
const Discovery = z.object({
  text: words(BOUNDS.line).describe('One sentence: what you noticed, and where.'),
})
const Checkpoint = z.object({
  brief: words(BOUNDS.brief).describe(
    'What is done and how you know that it works, what is left, what did not work, which files matter, what comes next. Markdown, at most one page.',
  ),
})
const Told = z.object({
  summary: words(BOUNDS.summary).describe(
    'For the reviewer: what you changed and why, what is left open. Markdown.',
  ),
  decisions: lines.describe('Decisions that a reviewer should know of, one sentence each.'),
  discoveries: lines.describe('What you noticed and left alone, one sentence each.'),
})

/** True of each: it tells people something. Codex asks nobody before such a call; before any other it has a second model judge, or asks for a permission. */
const TELLS = { destructiveHint: false, openWorldHint: false } as const

const say = (text: string): CallToolResult => ({ content: [{ type: 'text', text }] })
const refuse = (text: string): CallToolResult => ({ ...say(text), isError: true })
const OVER = 'This attempt has ended; nothing of it is taken any more.'
const ENOUGH = `Not recorded: ${BOUNDS.tellings} of them are what people read at most.`

export function registerTools(server: McpServer, handlers: ToolHandlers): void {
  const open =
    <Input>(take: (given: Input) => CallToolResult) =>
    (given: Input): CallToolResult =>
      handlers.isOpen() ? take(given) : refuse(OVER)

  server.registerTool(
    'ask',
    {
      description:
        'Ask a person something that only a person may decide. Your turn ends with this call; you are called again with the answer, perhaps days later, and your files are as you left them. Ask only what you cannot find out or decide yourself.',
      inputSchema: Ask,
      annotations: TELLS,
    },
    open((given) => {
      handlers.onAsk(askedOf(given))
      return say('The question is being asked. End your turn now; you will be called again.')
    }),
  )
  server.registerTool(
    'progress',
    {
      description:
        'Tell people who wait what you are doing now, in one line. Not more than needed.',
      inputSchema: Progress,
      annotations: TELLS,
    },
    open(({ message }) => {
      handlers.onProgress(message)
      return say('Shown.')
    }),
  )
  server.registerTool(
    'decision',
    {
      description:
        'Record a decision that a reviewer should know of, when you take it: it stands in the pull request, also if somebody else goes on with your work.',
      inputSchema: Decision,
      annotations: TELLS,
    },
    open(({ text }) => (handlers.onDecision(text) ? say('Recorded.') : refuse(ENOUGH))),
  )
  server.registerTool(
    'discovery',
    {
      description:
        'Record something that you noticed and that is not part of this task, such as a bug elsewhere or a doubtful test: people read it in the pull request. Leave it as it is.',
      inputSchema: Discovery,
      annotations: TELLS,
    },
    open(({ text }) => (handlers.onDiscovery(text) ? say('Recorded.') : refuse(ENOUGH))),
  )
  server.registerTool(
    'checkpoint',
    {
      description:
        'Write down what another agent must know to go on from here without this conversation. Do so after each larger step; the last checkpoint counts.',
      inputSchema: Checkpoint,
      annotations: TELLS,
    },
    open(({ brief }) => {
      handlers.onCheckpoint(brief)
      return say('Kept.')
    }),
  )
  server.registerTool(
    'report',
    {
      description:
        'Say what you did, when you are done. It becomes the text of the pull request; the last report counts.',
      inputSchema: Told,
      annotations: TELLS,
    },
    open((given) => {
      handlers.onReport(Report.parse(given))
      return say('Recorded.')
    }),
  )
}
