/** Google's Gemini CLI, which speaks ACP itself. */
import type { Preset } from './preset.ts'

export const gemini = {
  command: ['gemini', '--acp'],
  env: ['GEMINI_API_KEY', 'GOOGLE_GEMINI_BASE_URL'],
  model: {
    hosts: ['generativelanguage.googleapis.com'],
    baseUrl: 'GOOGLE_GEMINI_BASE_URL',
    key: 'GEMINI_API_KEY',
    header: 'x-goog-api-key',
  },
} as const satisfies Preset
