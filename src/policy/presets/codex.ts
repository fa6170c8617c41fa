/** OpenAI's Codex through codex-acp. Seen with 2.6. */
import type { Known, Preset } from './preset.ts'

export const codex = {
  command: ['codex-acp'],
  install: '@agentclientprotocol/codex-acp',
  env: ['OPENAI_API_KEY', 'CODEX_API_KEY', 'OPENAI_BASE_URL'],
  login: ['OPENAI_API_KEY', 'CODEX_API_KEY'],
  set: (about) => ({
    NO_BROWSER: '1',
    // Of itself it has a second model judge its acts, at the operator's cost, and puts a sandbox into ours.
    INITIAL_AGENT_MODE: about.permissions === 'ask' ? 'workspace-write' : 'agent-full-access',
    // A key in the environment alone is not taken for a login: "Authentication required".
    ...(keyOf(about) === undefined
      ? {}
      : { DEFAULT_AUTH_REQUEST: JSON.stringify({ methodId: 'api-key' }) }),
    CODEX_CONFIG: JSON.stringify({
      // Without it no question of its own reaches us.
      features: { default_mode_request_user_input: true },
      ...elsewhere(about),
    }),
  }),
  session: null,
  // codex-acp calls every folder trusted, so that its `config.toml` starts servers before the first prompt.
  unseen: ['.codex'],
  model: {
    hosts: ['api.openai.com'],
    path: '/v1',
    baseUrl: 'OPENAI_BASE_URL',
    key: 'OPENAI_API_KEY',
    header: 'authorization',
  },
} as const satisfies Preset

const keyOf = ({ env }: Known): string | undefined =>
  ['OPENAI_API_KEY', 'CODEX_API_KEY'].find((name) => env[name] !== undefined)

/** It takes an address for its model from its configuration only, as a provider of its own. */
function elsewhere(about: Known): object {
  const address = about.env['OPENAI_BASE_URL']
  if (address === undefined) return {}
  const provider = {
    name: 'operator',
    base_url: address,
    env_key: keyOf(about) ?? 'OPENAI_API_KEY',
    wire_api: 'responses',
    supports_websockets: false,
  }
  return { model_provider: 'operator', model_providers: { operator: provider } }
}
