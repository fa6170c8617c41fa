/** What an agent is told of our tools: that they are there and when they are worth a call. How they are called it is told over MCP. */

/** In the order in which they are told; the server for agents has exactly these. */
export const AGENT_TOOLS = [
  'ask',
  'progress',
  'decision',
  'discovery',
  'checkpoint',
  'report',
] as const

/** `has`: the agent's program speaks MCP with us. */
export const toolsSection = (has: boolean): readonly string[] =>
  has
    ? [
        'Your tools from `yardmaster`: `progress` (one line, what you do now), `decision` and `discovery` (as they come), `checkpoint` (after each larger step), `ask`, and `report` at the end.',
      ]
    : []
