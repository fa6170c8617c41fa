/** The real programs, by exact version, and what tells each that its model is elsewhere. `npm view <package> version` names the newest. */
import type { PRESET_NAMES } from '../../src/policy/presets.ts'

export type ProgramName = (typeof PRESET_NAMES)[number]

export interface Program {
  readonly name: ProgramName
  readonly package: string
  readonly version: string
  /** Packages whose install scripts must run: without them there is no program. */
  readonly scripts: readonly string[]
  /** In the operator's environment; what is not among its preset's variables a profile has to name. */
  readonly environment: (model: string) => Readonly<Record<string, string>>
  /** Asked for by its profile; without it the program's own default answers. */
  readonly model?: string
  /** It has a tool of its own for questions, which arrives as an elicitation. */
  readonly asks: boolean
}

/** No real key is ever read: these programs run on this one. */
export const KEY = 'dummy-key-of-the-scripted-model'

export const PROGRAMS: readonly Program[] = [
  {
    name: 'claude',
    package: '@agentclientprotocol/claude-agent-acp',
    version: '0.100.0',
    scripts: [],
    environment: (model) => ({ ANTHROPIC_BASE_URL: model, ANTHROPIC_API_KEY: KEY }),
    asks: true,
  },
  {
    name: 'codex',
    package: '@agentclientprotocol/codex-acp',
    version: '2.6.0',
    scripts: [],
    environment: (model) => ({
      OPENAI_API_KEY: KEY,
      OPENAI_BASE_URL: `${model}/v1`,
    }),
    // Newer ones write JavaScript that calls the tools, which a script cannot.
    model: 'gpt-5.5',
    asks: true,
  },
  {
    name: 'gemini',
    package: '@google/gemini-cli',
    version: '0.61.0',
    scripts: [],
    environment: (model) => ({ GEMINI_API_KEY: KEY, GOOGLE_GEMINI_BASE_URL: model }),
    asks: false,
  },
  {
    name: 'copilot',
    package: '@github/copilot',
    version: '1.0.102',
    scripts: [],
    environment: (model) => ({
      COPILOT_PROVIDER_BASE_URL: `${model}/v1`,
      COPILOT_PROVIDER_TYPE: 'openai',
      COPILOT_PROVIDER_API_KEY: KEY,
      COPILOT_MODEL: 'gpt-5',
      COPILOT_OFFLINE: 'true',
    }),
    asks: false,
  },
  {
    name: 'opencode',
    package: 'opencode-ai',
    version: '1.18.33',
    scripts: ['opencode-ai'],
    environment: (model) => ({
      OPENCODE_CONFIG_CONTENT: JSON.stringify({
        provider: {
          scripted: {
            npm: '@ai-sdk/openai-compatible',
            name: 'scripted',
            options: { baseURL: `${model}/v1`, apiKey: KEY },
            models: { scripted: { name: 'scripted', tool_call: true } },
          },
        },
        model: 'scripted/scripted',
        small_model: 'scripted/scripted',
        autoupdate: false,
      }),
    }),
    asks: false,
  },
  {
    name: 'qwen',
    package: '@qwen-code/qwen-code',
    version: '0.24.4',
    scripts: [],
    environment: (model) => ({
      OPENAI_API_KEY: KEY,
      OPENAI_BASE_URL: `${model}/v1`,
      OPENAI_MODEL: 'gpt-5',
    }),
    asks: false,
  },
]
