/**
 * GitHub's Copilot CLI, which speaks ACP itself. Seen with 1.0. It runs on a model key of the operator's own and asks
 * nothing of GitHub: an agent never holds a token of GitHub.
 */
import type { Preset } from './preset.ts'

export const copilot = {
  command: ['copilot', '--acp'],
  install: '@github/copilot',
  env: [
    'COPILOT_PROVIDER_API_KEY',
    'COPILOT_PROVIDER_BASE_URL',
    'COPILOT_PROVIDER_TYPE',
    'COPILOT_MODEL',
    'COPILOT_OFFLINE',
  ],
  login: ['COPILOT_PROVIDER_API_KEY'],
  set: ({ model }) => ({
    COPILOT_OFFLINE: 'true',
    COPILOT_AUTO_UPDATE: 'false',
    COPILOT_PROVIDER_TYPE: 'openai',
    COPILOT_PROVIDER_BASE_URL: 'https://api.openai.com/v1',
    // Its sessions offer no choice of the model.
    ...(model === null ? {} : { COPILOT_MODEL: model }),
  }),
  session: null,
  // Its hooks run with the first prompt; servers it was not seen to start, and is given no chance to.
  unseen: ['.github/hooks', '.github/copilot', '.github/mcp.json', '.copilot', '.mcp.json'],
  model: {
    hosts: ['api.openai.com'],
    path: '/v1',
    baseUrl: 'COPILOT_PROVIDER_BASE_URL',
    key: 'COPILOT_PROVIDER_API_KEY',
    header: 'authorization',
  },
} as const satisfies Preset
