/** A coding agent that only talks: as many updates as its argument says, of the kinds and sizes that real ones send, as fast as it can. */
import { createInterface } from 'node:readline'

const UPDATES = Number(process.argv[2])
const WORDS = 'The date is parsed without its zone, so the test fails west of Greenwich. '

function updateOf(n: number): object {
  const toolCallId = `t${n}`
  switch (n % 10) {
    case 0:
      return {
        sessionUpdate: 'tool_call',
        toolCallId,
        title: `Edit src/dates-${n}.ts`,
        kind: 'edit',
      }
    case 1: {
      const content = [{ type: 'diff', path: 'src/a.ts', oldText: WORDS, newText: WORDS.repeat(4) }]
      return { sessionUpdate: 'tool_call_update', toolCallId, status: 'completed', content }
    }
    case 2:
      return { sessionUpdate: 'usage_update', used: n, size: UPDATES * 10 }
    case 3: {
      const entry = { content: 'Parse the zone', status: 'in_progress', priority: 'high' }
      return { sessionUpdate: 'plan', entries: Array.from({ length: 8 }, () => entry) }
    }
    case 4:
      return { sessionUpdate: 'agent_thought_chunk', content: { type: 'text', text: WORDS } }
    default:
      return { sessionUpdate: 'agent_message_chunk', content: { type: 'text', text: WORDS } }
  }
}

const send = (message: object): boolean =>
  process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`)

async function talk(id: unknown): Promise<void> {
  for (let n = 0; n < UPDATES; n++) {
    const params = { sessionId: 's', update: updateOf(n) }
    if (!send({ method: 'session/update', params }))
      await new Promise((resolve) => process.stdout.once('drain', resolve))
  }
  send({ id, result: { stopReason: 'end_turn' } })
}

createInterface({ input: process.stdin }).on('line', (line) => {
  const { id, method } = JSON.parse(line) as { id?: unknown; method?: string }
  if (method === 'initialize') send({ id, result: { protocolVersion: 1, agentCapabilities: {} } })
  if (method === 'session/new') send({ id, result: { sessionId: 's' } })
  if (method === 'session/prompt') void talk(id)
})
process.stdin.on('end', () => process.exit(0))
