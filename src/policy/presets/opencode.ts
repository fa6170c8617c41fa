/** OpenCode, which speaks ACP itself, to whichever of many providers it is set to. */
import type { Preset } from './preset.ts'

export const opencode = {
  command: ['opencode', 'acp'],
  env: [],
  model: null,
} as const satisfies Preset
