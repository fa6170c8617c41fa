/** Anthropic's Messages API, streamed: what claude-agent-acp speaks. */
import type { Step, Turn } from './conversation.ts'
import type { Dialect } from './dialect.ts'
import { fields, list, textOf, words } from './json.ts'

export const anthropic: Dialect = {
  name: 'anthropic',
  serves: (path) => path === '/v1/messages',
  read: (body) => ({
    turns: list(body['messages']).flatMap(readMessage),
    tools: list(body['tools']).map((tool) => ({
      name: words(fields(tool)['name']),
      schema: fields(tool)['input_schema'],
    })),
  }),
  answer: (step, body, id) => {
    const message = {
      id: `msg_${id}`,
      type: 'message',
      role: 'assistant',
      model: words(body['model']),
      stop_sequence: null,
    }
    const stop = step.kind === 'say' ? 'end_turn' : 'tool_use'
    const usage = { input_tokens: step.tokens ?? 1000, output_tokens: 50 }
    if (body['stream'] !== true)
      return {
        kind: 'json',
        body: { ...message, content: [block(step, id)], stop_reason: stop, usage },
      }
    const empty =
      step.kind === 'say' ? { type: 'text', text: '' } : { ...block(step, id), input: {} }
    const delta =
      step.kind === 'say'
        ? { type: 'text_delta', text: step.text }
        : { type: 'input_json_delta', partial_json: JSON.stringify(step.input) }
    return {
      kind: 'events',
      events: [
        { type: 'message_start', message: { ...message, content: [], stop_reason: null, usage } },
        { type: 'content_block_start', index: 0, content_block: empty },
        { type: 'content_block_delta', index: 0, delta },
        { type: 'content_block_stop', index: 0 },
        { type: 'message_delta', delta: { stop_reason: stop, stop_sequence: null }, usage },
        { type: 'message_stop' },
      ],
    }
  },
}

const block = (step: Step, id: string): object =>
  step.kind === 'say'
    ? { type: 'text', text: step.text }
    : { type: 'tool_use', id: `toolu_${id}`, name: step.tool.name, input: step.input }

function readMessage(message: unknown): readonly Turn[] {
  const { role, content } = fields(message)
  const parts = typeof content === 'string' ? [{ type: 'text', text: content }] : list(content)
  return parts.map(fields).flatMap((part): readonly Turn[] => {
    if (part['type'] === 'tool_result') return [{ by: 'tool', text: textOf(part['content']) }]
    if (part['type'] !== 'text') return []
    return [{ by: role === 'assistant' ? 'model' : 'user', text: words(part['text']) }]
  })
}
