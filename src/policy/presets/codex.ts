/** OpenAI's Codex through codex-acp. */
import type { Preset } from './preset.ts'

export const codex = {
  command: ['codex-acp'],
  env: ['OPENAI_API_KEY', 'CODEX_API_KEY'],
  // Another address is written in its config.toml, not in a variable.
  model: {
    hosts: ['api.openai.com'],
    baseUrl: null,
    key: 'OPENAI_API_KEY',
    header: 'authorization',
  },
} as const satisfies Preset
