/** What we tell every agent about ourselves, and what some agents need to be told besides (the quirks). */
import type { InitializeRequest, NewSessionRequest } from '@agentclientprotocol/sdk'
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

/**
 * Claude runs hooks and MCP servers from a repository's own files before the first prompt unless its settings come
 * from the user only; its own worktree tools fight the worktree it was given. Other agents ignore the key.
 */
export const newSession = (
  worktree: string,
  mcpServers: NewSessionRequest['mcpServers'],
): NewSessionRequest => ({
  cwd: worktree,
  mcpServers,
  _meta: {
    claudeCode: {
      options: {
        settingSources: ['user'],
        strictMcpConfig: true,
        disallowedTools: ['EnterWorktree', 'ExitWorktree'],
      },
    },
  },
})
