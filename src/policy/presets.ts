/** The agents that are known by name. */
import { claude } from './presets/claude.ts'
import { codex } from './presets/codex.ts'
import { copilot } from './presets/copilot.ts'
import { gemini } from './presets/gemini.ts'
import { opencode } from './presets/opencode.ts'
import type { Preset } from './presets/preset.ts'
import { qwen } from './presets/qwen.ts'

export const PRESET_NAMES = ['claude', 'codex', 'gemini', 'copilot', 'opencode', 'qwen'] as const

export const PRESETS = {
  claude,
  codex,
  gemini,
  copilot,
  opencode,
  qwen,
} as const satisfies Readonly<Record<(typeof PRESET_NAMES)[number], Preset>>
