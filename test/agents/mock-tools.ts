/** The part of the stand-in that speaks MCP by hand, to the server that it was told of. */
import { spawn, type ChildProcess } from 'node:child_process'
import { createInterface } from 'node:readline'

export function startTools(
  session: unknown,
  other: Readonly<Record<string, string>> = {},
): ChildProcess {
  const { mcpServers } = session as {
    mcpServers: {
      command: string
      args: string[]
      env: readonly { name: string; value: string }[]
    }[]
  }
  const server = mcpServers[0] ?? { command: 'false', args: [], env: [] }
  const env = Object.fromEntries(server.env.map(({ name, value }) => [name, value]))
  return spawn(server.command, server.args, {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, ...env, ...other },
  })
}

type Call = (tool: string, given: object) => Promise<unknown>

/** Starts our MCP server as it was named in `session/new`, and calls its tools by hand. */
export async function useTools(
  session: unknown,
  use: (call: Call, tools: unknown) => Promise<void>,
): Promise<void> {
  const server = startTools(session)
  const answers = new Map<number, (answer: unknown) => void>()
  createInterface({ input: server.stdout ?? process.stdin }).on('line', (line) => {
    const { id, result, error } = JSON.parse(line) as {
      id?: unknown
      result?: unknown
      error?: unknown
    }
    answers.get(Number(id))?.(error ?? result)
  })
  let id = 0
  const ask = (method: string, params: object): Promise<unknown> => {
    id += 1
    server.stdin?.write(`${JSON.stringify({ jsonrpc: '2.0', id, method, params })}\n`)
    return new Promise((resolve) => answers.set(id, resolve))
  }
  const clientInfo = { name: 'mock', version: '1' }
  await ask('initialize', { protocolVersion: '2025-06-18', capabilities: {}, clientInfo })
  server.stdin?.write(
    `${JSON.stringify({ jsonrpc: '2.0', method: 'notifications/initialized' })}\n`,
  )
  const { tools } = (await ask('tools/list', {})) as { tools: { name: string }[] }
  await use(
    (name, given) => ask('tools/call', { name, arguments: given }),
    tools.map(({ name }) => name),
  )
  server.stdin?.end()
}
