/**
 * Agents that are known by name: the program on the operator's PATH that speaks ACP, and the variables by which it
 * is usually told who pays. A profile adds to the variables; it never loses them by writing `env`.
 */
export interface Preset {
  readonly command: readonly [string, ...string[]]
  readonly env: readonly string[]
}

export const PRESETS = {
  claude: {
    command: ['claude-agent-acp'],
    env: ['ANTHROPIC_API_KEY', 'ANTHROPIC_BASE_URL', 'CLAUDE_CODE_OAUTH_TOKEN'],
  },
  codex: { command: ['codex-acp'], env: ['OPENAI_API_KEY', 'CODEX_API_KEY'] },
  gemini: { command: ['gemini', '--acp'], env: ['GEMINI_API_KEY', 'GOOGLE_GEMINI_BASE_URL'] },
  copilot: {
    command: ['copilot', '--acp'],
    env: [
      'COPILOT_PROVIDER_API_KEY',
      'COPILOT_PROVIDER_BASE_URL',
      'COPILOT_PROVIDER_TYPE',
      'COPILOT_MODEL',
      'COPILOT_OFFLINE',
    ],
  },
  opencode: { command: ['opencode', 'acp'], env: [] },
  qwen: { command: ['qwen', '--acp'], env: ['OPENAI_API_KEY', 'OPENAI_BASE_URL', 'OPENAI_MODEL'] },
} as const satisfies Readonly<Record<string, Preset>>

export const PRESET_NAMES = ['claude', 'codex', 'gemini', 'copilot', 'opencode', 'qwen'] as const
