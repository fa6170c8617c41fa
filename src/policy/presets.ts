/** The agents that are known by name. */
import type { Profile } from '../domain/settings.ts'
import { claude } from './presets/claude.ts'
import { codex } from './presets/codex.ts'
import { copilot } from './presets/copilot.ts'
import { gemini } from './presets/gemini.ts'
import { opencode } from './presets/opencode.ts'
import type { Preset } from './presets/preset.ts'
import { qwen } from './presets/qwen.ts'

export const PRESET_NAMES = ['claude', 'codex', 'gemini', 'copilot', 'opencode', 'qwen'] as const
type PresetName = (typeof PRESET_NAMES)[number]

export const PRESETS: Readonly<Record<PresetName, Preset>> = {
  claude,
  codex,
  gemini,
  copilot,
  opencode,
  qwen,
}

/**
 * What is known of a profile's program: by the preset that it names, or by the name of its program, for an operator who
 * writes `command: [/opt/bin/claude-agent-acp]` must not run the repository's hooks by that. Null: it is a stranger.
 */
export function presetOf({
  preset,
  command,
  protocol,
}: Pick<Profile, 'preset' | 'command' | 'protocol'>): Preset | null {
  if (protocol !== 'acp' || command === 'builtin:patch') return null
  const program = command[0]?.split('/').at(-1)
  const name = PRESET_NAMES.find((one) =>
    preset === null ? PRESETS[one].command[0] === program : one === preset,
  )
  return name === undefined ? null : PRESETS[name]
}
