/** What our tools say of themselves: agents decide by it whether a call needs somebody's yes. */
import { McpServer } from '@modelcontextprotocol/server'
import { expect, it, vi } from 'vitest'
import { hearTools } from '../../src/agents/mcp/hear-tools.ts'
import { registerTools, TOOLS } from '../../src/agents/mcp/tools.ts'

it('each of our tools says that it destroys nothing and reaches no strangers: codex-acp 2.6 had any other judged by a second model, and refused', () => {
  const server = new McpServer({ name: 'yardmaster', version: '1' })
  const registered = vi.spyOn(server, 'registerTool')
  const nothing = () => {}
  const { handlers } = hearTools({
    isOpen: () => true,
    onAsk: nothing,
    onCheckpoint: nothing,
    onProgress: nothing,
    onBytes: nothing,
  })
  registerTools(server, handlers)
  const said = registered.mock.calls.map(([name, { annotations }]) => [name, annotations] as const)
  const harmless = { destructiveHint: false, openWorldHint: false }
  expect(Object.fromEntries(said)).toEqual(
    Object.fromEntries(TOOLS.map((name) => [name, harmless])),
  )
})
