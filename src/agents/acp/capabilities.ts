/** What we tell every agent about ourselves, and what some of them need to be told of a session besides. */
import type { InitializeRequest, NewSessionRequest } from '@agentclientprotocol/sdk'
import { PRESETS } from '../../policy/presets.ts'
import { SESSION_FAILURE_CAPABILITY } from './session-failure.ts'

/**
 * No file system and no terminal: an agent works with its own hands inside the jail, so that nothing of it passes
 * through our process. Form elicitation is how Claude's and Codex's questions arrive.
 */
export const INITIALIZE: InitializeRequest = {
  protocolVersion: 1,
  clientInfo: { name: 'yardmaster', version: '1' },
  clientCapabilities: {
    fs: { readTextFile: false, writeTextFile: false },
    terminal: false,
    elicitation: { form: {} },
    _meta: { ...SESSION_FAILURE_CAPABILITY },
  },
}

/** A stranger among the programs may be Claude under another name; all others ignore the key. */
const FOR_STRANGERS = PRESETS.claude.session

/** `meta`: what the profile's preset wants told; undefined: the program is none that we know. */
export const newSession = (
  worktree: string,
  mcpServers: NewSessionRequest['mcpServers'],
  meta: Readonly<Record<string, unknown>> | null | undefined,
): NewSessionRequest => {
  const told = meta === undefined ? FOR_STRANGERS : meta
  return { cwd: worktree, mcpServers, ...(told === null ? {} : { _meta: { ...told } }) }
}
