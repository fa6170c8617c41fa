/** Claude Code through claude-agent-acp. */
import type { Preset } from './preset.ts'

export const claude = {
  command: ['claude-agent-acp'],
  env: ['ANTHROPIC_API_KEY', 'ANTHROPIC_BASE_URL', 'CLAUDE_CODE_OAUTH_TOKEN'],
  model: {
    hosts: ['api.anthropic.com'],
    baseUrl: 'ANTHROPIC_BASE_URL',
    key: 'ANTHROPIC_API_KEY',
    header: 'x-api-key',
  },
} as const satisfies Preset
