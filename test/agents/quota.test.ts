/** Tokens in the form in which Gemini CLI 0.61 tells them: unknown use would cost its task a question about money. */
import { expect, it } from 'vitest'
import { quotaUse, turnUse } from '../../src/agents/acp/use.ts'

it('reads what a turn of Gemini CLI used from its quota', () => {
  const meta = {
    quota: {
      token_count: { input_tokens: 3000, output_tokens: 150 },
      model_usage: [{ model: 'auto', token_count: { input_tokens: 3000, output_tokens: 150 } }],
    },
  }
  const told = quotaUse(meta)
  expect(told && turnUse(told, 'gemini-3.8-flash')).toMatchObject({
    tokens: 3150,
    inputTokens: 3000,
    outputTokens: 150,
  })
  for (const other of [null, {}, { quota: { token_count: { input_tokens: 'many' } } }])
    expect(quotaUse(other)).toBeNull()
})
