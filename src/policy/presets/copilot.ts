/** GitHub's Copilot CLI, which speaks ACP itself. It runs with a model key of the operator's own; never with a GitHub token. */
import type { Preset } from './preset.ts'

export const copilot = {
  command: ['copilot', '--acp'],
  env: [
    'COPILOT_PROVIDER_API_KEY',
    'COPILOT_PROVIDER_BASE_URL',
    'COPILOT_PROVIDER_TYPE',
    'COPILOT_MODEL',
    'COPILOT_OFFLINE',
  ],
  model: {
    hosts: ['api.openai.com'],
    baseUrl: 'COPILOT_PROVIDER_BASE_URL',
    key: 'COPILOT_PROVIDER_API_KEY',
    header: 'authorization',
  },
} as const satisfies Preset
