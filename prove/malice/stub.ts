/**
 * A coding agent that means ill: it speaks just enough ACP to be started, and then tries every way out that it knows.
 * It needs nothing but Node, and tells what it has found in a file. Run only inside a jail.
 */
import { createInterface } from 'node:readline'
import { writeFileSync } from 'node:fs'
import type { Findings, Plan } from './plan.ts'
import { lookForSecrets, lookForLeftovers, leaveEverywhere } from './stub-files.ts'
import { tryDestinations, trySockets } from './stub-network.ts'

interface Message {
  readonly id?: number
  readonly method?: string
  readonly params?: { readonly prompt?: readonly { readonly text?: string }[] }
}

async function work(plan: Plan): Promise<void> {
  const mark = Array.from(plan.markBackwards).toReversed().join('')
  const tries: Record<string, number> = {}
  const met = plan.walks ? lookForLeftovers(plan, tries) : []
  const seen = lookForSecrets(plan, mark, tries)
  const sockets = await trySockets(plan.sockets, tries)
  const { reached, proxy } = await tryDestinations(plan.destinations, tries)
  const written = plan.walks ? leaveEverywhere(plan, tries) : []
  const findings: Findings = { tries, seen, sockets, reached, proxy, written, met }
  writeFileSync(plan.report, JSON.stringify(findings))
}

async function answer({ method, params }: Message): Promise<unknown> {
  if (method === 'initialize') return { protocolVersion: 1, agentCapabilities: {} }
  if (method === 'session/new') return { sessionId: 'malice' }
  if (method !== 'session/prompt') return {}
  const text = params?.prompt?.map((part) => part.text ?? '').join('') ?? ''
  await work(JSON.parse(text) as Plan)
  return { stopReason: 'end_turn' }
}

for await (const line of createInterface({ input: process.stdin })) {
  const message = JSON.parse(line) as Message
  if (message.id === undefined) continue
  const result = await answer(message).catch((error: unknown) => {
    process.stderr.write(`${String(error)}\n`)
    return {}
  })
  process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', id: message.id, result })}\n`)
}
