/** Claude Code through claude-agent-acp. Seen with 0.100. */
import type { Preset } from './preset.ts'

export const claude = {
  command: ['claude-agent-acp'],
  install: '@agentclientprotocol/claude-agent-acp',
  env: ['ANTHROPIC_API_KEY', 'ANTHROPIC_BASE_URL', 'CLAUDE_CODE_OAUTH_TOKEN'],
  // A session opens without any login, and the first prompt fails: only these tell.
  login: ['ANTHROPIC_API_KEY', 'CLAUDE_CODE_OAUTH_TOKEN'],
  set: () => ({
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
    DISABLE_AUTOUPDATER: '1',
    // It would hide our tools behind a search that some models never use.
    ENABLE_TOOL_SEARCH: 'false',
  }),
  /**
   * It runs hooks and MCP servers from a repository's own files before the first prompt unless its settings come from
   * the user only; its own worktree tools fight the worktree that it was given.
   */
  session: {
    claudeCode: {
      options: {
        settingSources: ['user'],
        strictMcpConfig: true,
        disallowedTools: ['EnterWorktree', 'ExitWorktree'],
      },
    },
  },
  model: {
    hosts: ['api.anthropic.com'],
    baseUrl: 'ANTHROPIC_BASE_URL',
    key: 'ANTHROPIC_API_KEY',
    header: 'x-api-key',
  },
} as const satisfies Preset
