/** Google's generateContent API, streamed: what Gemini CLI speaks. */
import type { Turn } from './conversation.ts'
import type { Dialect } from './dialect.ts'
import { fill } from './fill.ts'
import { fields, list, words } from './json.ts'

export const gemini: Dialect = {
  name: 'gemini',
  serves: (path) => /:(streamG|g)enerateContent$/.test(path),
  read: (body) => ({
    turns: list(body['contents']).flatMap(readContent),
    tools: list(body['tools'])
      .flatMap((tool) => list(fields(tool)['functionDeclarations']))
      .map((tool) => {
        const { name, parametersJsonSchema, parameters } = fields(tool)
        return { name: words(name), schema: parametersJsonSchema ?? parameters }
      }),
  }),
  answer: (step, body) => {
    const { responseJsonSchema, responseSchema } = fields(body['generationConfig'])
    // It has a small model choose among its models first, and retries for long when that answers in prose.
    const form = responseJsonSchema ?? responseSchema
    const part =
      step.kind === 'say'
        ? { text: form === undefined ? step.text : JSON.stringify(fill(form)) }
        : { functionCall: { name: step.tool.name, args: step.input } }
    const answer = {
      candidates: [{ index: 0, content: { role: 'model', parts: [part] }, finishReason: 'STOP' }],
      usageMetadata: { promptTokenCount: 1000, candidatesTokenCount: 50, totalTokenCount: 1050 },
    }
    return body['stream'] === true
      ? { kind: 'events', events: [answer] }
      : { kind: 'json', body: answer }
  },
}

function readContent(content: unknown): readonly Turn[] {
  const { role, parts } = fields(content)
  return list(parts)
    .map(fields)
    .flatMap((part): readonly Turn[] => {
      if (part['functionResponse'] !== undefined)
        return [{ by: 'tool', text: JSON.stringify(part['functionResponse']) }]
      if (typeof part['text'] !== 'string') return []
      return [{ by: role === 'model' ? 'model' : 'user', text: part['text'] }]
    })
}
