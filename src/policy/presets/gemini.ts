/** Google's Gemini CLI, which speaks ACP itself. Seen with 0.61. It obeys no hook of a folder that nobody has called trusted; nobody does. */
import type { Preset } from './preset.ts'

export const gemini = {
  command: ['gemini', '--acp'],
  install: '@google/gemini-cli',
  env: ['GEMINI_API_KEY', 'GOOGLE_GEMINI_BASE_URL'],
  login: ['GEMINI_API_KEY'],
  set: () => ({ NO_BROWSER: 'true', GEMINI_TELEMETRY_ENABLED: 'false' }),
  session: null,
  model: {
    hosts: ['generativelanguage.googleapis.com'],
    baseUrl: 'GOOGLE_GEMINI_BASE_URL',
    key: 'GEMINI_API_KEY',
    header: 'x-goog-api-key',
  },
} as const satisfies Preset
