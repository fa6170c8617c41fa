/** OpenAI's Responses API, streamed: what Codex speaks. */
import type { Step, Tool, Turn } from './conversation.ts'
import type { Dialect } from './dialect.ts'
import { fields, list, textOf, words } from './json.ts'

/** Of the models that Codex knows it shows most only the tools that they have searched for. */
const SEARCH = 'tool_search'

export const responses: Dialect = {
  name: 'responses',
  serves: (path) => path.endsWith('/responses'),
  read: (body) => ({
    turns:
      typeof body['input'] === 'string'
        ? [{ by: 'user', text: body['input'] }]
        : list(body['input']).flatMap(readItem),
    tools: [
      ...list(body['tools']),
      // What a search has brought up counts from then on.
      ...list(body['input']).flatMap((item) => list(fields(item)['tools'])),
    ].flatMap((tool) => readTool(tool)),
  }),
  answer: (step, body, id) => {
    const response = { id: `resp_${id}`, object: 'response', model: words(body['model']) }
    const item = itemOf(step, id)
    const usage = {
      input_tokens: step.tokens ?? 1000,
      input_tokens_details: { cached_tokens: 0 },
      output_tokens: 50,
      output_tokens_details: { reasoning_tokens: 0 },
      total_tokens: (step.tokens ?? 1000) + 50,
    }
    const completed = { ...response, status: 'completed', output: [item], usage }
    if (body['stream'] !== true) return { kind: 'json', body: completed }
    return {
      kind: 'events',
      events: [
        { type: 'response.created', response: { ...response, status: 'in_progress', output: [] } },
        { type: 'response.output_item.added', output_index: 0, item },
        ...(step.kind === 'say'
          ? [
              {
                type: 'response.output_text.delta',
                item_id: `item_${id}`,
                output_index: 0,
                content_index: 0,
                delta: step.text,
              },
            ]
          : []),
        { type: 'response.output_item.done', output_index: 0, item },
        { type: 'response.completed', response: completed },
      ],
    }
  },
}

function itemOf(step: Step, id: string): object {
  const about = { id: `item_${id}`, status: 'completed' }
  if (step.kind === 'say') {
    const content = [{ type: 'output_text', text: step.text, annotations: [] }]
    return { ...about, type: 'message', role: 'assistant', content }
  }
  const { name, namespace } = step.tool
  const call = { ...about, call_id: `call_${id}` }
  if (name === SEARCH)
    return { ...call, type: 'tool_search_call', execution: 'client', arguments: step.input }
  return {
    ...call,
    type: 'function_call',
    name,
    ...(namespace === undefined ? {} : { namespace }),
    arguments: JSON.stringify(step.input),
  }
}

/** Tools of an MCP server come as one group with a name. */
function readTool(tool: unknown, namespace?: string): readonly Tool[] {
  const { type, name, parameters, tools } = fields(tool)
  if (type === 'namespace') return list(tools).flatMap((each) => readTool(each, words(name)))
  if (type === SEARCH) return [{ name: SEARCH, schema: parameters }]
  if (type !== 'function') return []
  return [
    { name: words(name), schema: parameters, ...(namespace === undefined ? {} : { namespace }) },
  ]
}

function readItem(item: unknown): readonly Turn[] {
  const { type, role, content, output } = fields(item)
  if (type === 'function_call_output' || type === 'custom_tool_call_output')
    return [{ by: 'tool', text: textOf(output) || JSON.stringify(output) }]
  if (type !== 'message' && type !== undefined) return []
  return [{ by: role === 'assistant' ? 'model' : 'user', text: textOf(content) }]
}
