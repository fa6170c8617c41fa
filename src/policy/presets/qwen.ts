/** Qwen Code, which speaks ACP itself, to anything that answers as OpenAI does. */
import type { Preset } from './preset.ts'

export const qwen = {
  command: ['qwen', '--acp'],
  env: ['OPENAI_API_KEY', 'OPENAI_BASE_URL', 'OPENAI_MODEL'],
  model: {
    hosts: ['dashscope.aliyuncs.com'],
    baseUrl: 'OPENAI_BASE_URL',
    key: 'OPENAI_API_KEY',
    header: 'authorization',
  },
} as const satisfies Preset
