// A quiet Octokit with a token, a JWT or nothing.
import { Octokit } from '@octokit/rest'

export const QUIET = { debug: silent, info: silent, warn: silent, error: silent }

export function client(baseUrl: string, auth?: string): Octokit {
  return new Octokit({ baseUrl, log: QUIET, ...(auth === undefined ? {} : { auth }) })
}

function silent(): void {}
