/** What a script wants done, as a call of whichever tool this agent offers for it. */
import { userWords } from './conversation.ts'
import type { Conversation, Step, Tool } from './conversation.ts'
import { fill } from './fill.ts'
import { fields } from './json.ts'

const SHELLS = [
  'Bash',
  'bash',
  'exec_command',
  'shell_command',
  'shell',
  'run_shell_command',
  'local_shell',
]
const QUESTIONS = ['AskUserQuestion', 'request_user_input', 'ask_user', 'question']

export const shellOf = ({ tools }: Conversation): Tool | undefined =>
  SHELLS.map((name) => tools.find((tool) => tool.name === name)).find((tool) => tool !== undefined)

/** A tool of Yardmaster's own; agents put the server's name before it, each in its own way, or beside it. */
const ownTool = ({ tools }: Conversation, name: string): Tool | undefined =>
  tools.find(
    (tool) =>
      new RegExp(`yardmaster.*[_./-]${name}$`).test(tool.name) ||
      (tool.name === name && (tool.namespace ?? 'yardmaster').includes('yardmaster')),
  )

const questionTool = ({ tools }: Conversation): Tool | undefined =>
  QUESTIONS.map((name) => tools.find((tool) => tool.name === name)).find(
    (tool) => tool !== undefined,
  )

export const say = (text: string): Step => ({ kind: 'say', text })

export function shell(conversation: Conversation, command: string): Step {
  const tool = shellOf(conversation)
  if (tool === undefined) return say('I have no shell.')
  const { properties } = fields(tool.schema)
  const name = 'cmd' in fields(properties) ? 'cmd' : 'command'
  const listed = fields(fields(properties)[name])['type'] === 'array'
  const input = {
    ...fields(fill(tool.schema)),
    [name]: listed ? ['bash', '-lc', command] : command,
  }
  return { kind: 'call', tool, input }
}

/**
 * By our tool, searched for where tools have to be searched for; without one by the report file, whose place the prompt
 * names.
 */
export function yard(
  conversation: Conversation,
  name: 'ask' | 'report' | 'checkpoint',
  input: object,
): Step {
  const tool = ownTool(conversation, name)
  if (tool !== undefined) return { kind: 'call', tool, input }
  const named = (wanted: string) => conversation.tools.find((each) => each.name === wanted)
  const search = named('tool_search')
  const call = named('tool_call')
  const found = conversation.turns.findLast(
    (turn) => turn.by === 'tool' && turn.text.includes(`mcp__yardmaster__${name}`),
  )
  // Qwen Code shows a tool's description when it is searched for, and calls it by another tool.
  if (call !== undefined && found !== undefined)
    return {
      kind: 'call',
      tool: call,
      input: { name: `mcp__yardmaster__${name}`, arguments: input },
    }
  if (search !== undefined)
    return { kind: 'call', tool: search, input: { query: `yardmaster ${name}` } }
  const path = /(\S+\/report\.json)/.exec(userWords(conversation))?.[1]
  if (path === undefined) return say(JSON.stringify(input))
  const report = name === 'ask' ? { summary: 'I have a question.', question: input } : input
  return shell(conversation, `cat > '${path}' <<'END'\n${JSON.stringify(report)}\nEND`)
}

export function askOwnWay(
  conversation: Conversation,
  text: string,
  options: readonly string[],
): Step {
  const tool = questionTool(conversation)
  if (tool === undefined) return say('I have no way to ask.')
  const question = {
    id: 'which',
    question: text,
    header: 'Which',
    options: options.map((label) => ({ label, description: `It becomes ${label}.` })),
    multiSelect: false,
  }
  return { kind: 'call', tool, input: { questions: [question] } }
}
