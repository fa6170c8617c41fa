/** OpenAI's Chat Completions API, streamed: what OpenCode, Qwen Code and Copilot speak to a provider of one's own. */
import type { Turn } from './conversation.ts'
import type { Dialect } from './dialect.ts'
import { fields, list, textOf, words } from './json.ts'

export const chat: Dialect = {
  name: 'chat',
  serves: (path) => path.endsWith('/chat/completions'),
  read: (body) => ({
    turns: list(body['messages']).flatMap(readMessage),
    tools: list(body['tools']).map((tool) => {
      const { name, parameters } = fields(fields(tool)['function'])
      return { name: words(name), schema: parameters }
    }),
  }),
  answer: (step, body, id) => {
    const base = { id: `chat-${id}`, created: 1_700_000_000, model: words(body['model']) }
    const usage = { prompt_tokens: 1000, completion_tokens: 50, total_tokens: 1050 }
    const message =
      step.kind === 'say'
        ? { role: 'assistant', content: step.text }
        : {
            role: 'assistant',
            content: null,
            tool_calls: [
              {
                index: 0,
                id: `call_${id}`,
                type: 'function',
                function: { name: step.tool.name, arguments: JSON.stringify(step.input) },
              },
            ],
          }
    const reason = step.kind === 'say' ? 'stop' : 'tool_calls'
    if (body['stream'] !== true) {
      const choices = [{ index: 0, message, finish_reason: reason }]
      return { kind: 'json', body: { ...base, object: 'chat.completion', choices, usage } }
    }
    const chunk = (delta: object, finish: string | null, more: object = {}) => ({
      ...base,
      object: 'chat.completion.chunk',
      choices: [{ index: 0, delta, finish_reason: finish }],
      ...more,
    })
    return {
      kind: 'events',
      events: [chunk(message, null), chunk({}, reason, { usage })],
      done: '[DONE]',
    }
  },
}

function readMessage(message: unknown): readonly Turn[] {
  const { role, content } = fields(message)
  if (role === 'system' || role === 'developer') return []
  if (role === 'tool') return [{ by: 'tool', text: textOf(content) }]
  const text = textOf(content)
  return text === '' ? [] : [{ by: role === 'assistant' ? 'model' : 'user', text }]
}
