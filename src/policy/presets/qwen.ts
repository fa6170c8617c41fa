/** Qwen Code, which speaks ACP itself, to anything that answers as OpenAI does. Seen with 0.24. */
import type { Preset } from './preset.ts'

export const qwen = {
  command: ['qwen', '--acp'],
  install: '@qwen-code/qwen-code',
  env: ['OPENAI_API_KEY', 'OPENAI_BASE_URL', 'OPENAI_MODEL'],
  login: ['OPENAI_API_KEY'],
  // The models that its sessions offer are those that it was told of.
  set: ({ model }) => ({ NO_BROWSER: '1', ...(model === null ? {} : { OPENAI_MODEL: model }) }),
  session: null,
  // Its hooks and servers start without a question, and a hook that runs at each end keeps it from ending.
  unseen: ['.qwen'],
  model: {
    hosts: ['dashscope.aliyuncs.com'],
    path: '/compatible-mode/v1',
    baseUrl: 'OPENAI_BASE_URL',
    key: 'OPENAI_API_KEY',
    header: 'authorization',
  },
} as const satisfies Preset
