/** OpenCode, which speaks ACP itself, to whichever of many providers it has a key for. Seen with 1.18. */
import type { Preset } from './preset.ts'

/** Its own hosted models, of which some cost nothing and want no key. */
const HOSTED = 'opencode'

export const opencode = {
  command: ['opencode', 'acp'],
  install: 'opencode-ai',
  env: [],
  login: [],
  set: ({ model }) => ({
    OPENCODE_DISABLE_AUTOUPDATE: '1',
    OPENCODE_DISABLE_LSP_DOWNLOAD: '1',
    OPENCODE_DISABLE_SHARE: '1',
    // A repository's own file names programs that it starts.
    OPENCODE_DISABLE_PROJECT_CONFIG: '1',
    // Without any key it sends the work to a free model of its own makers; nobody has chosen that unless a profile does.
    ...(model?.startsWith(`${HOSTED}/`) === true
      ? {}
      : { OPENCODE_CONFIG_CONTENT: JSON.stringify({ disabled_providers: [HOSTED] }) }),
  }),
  session: null,
  model: null,
} as const satisfies Preset
