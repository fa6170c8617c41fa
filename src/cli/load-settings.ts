/** What an operator has written: the `.env` file and the environment (which wins), and `yardmaster.config.yml`. */
import { existsSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { loadEnvFile } from 'node:process'
import type { OperatorSettings, SettingsProblem } from '../domain/settings.ts'
import { readOperatorSettings } from '../policy/operator-file.ts'
import { readEnvironment } from './environment.ts'
import type { Environment, EnvironmentProblem } from './environment.ts'
import { knowSecrets } from './known-secrets.ts'

export interface LoadedEnvironment {
  readonly environment: Environment
  readonly problems: readonly EnvironmentProblem[]
  /** Where a `.env` file is, or would be. */
  readonly envFile: string
}

/** A variable that is set already is never replaced by the file's. */
export function loadEnvironment(folder: string, poll = false): LoadedEnvironment {
  const envFile = join(folder, '.env')
  if (existsSync(envFile)) loadEnvFile(envFile)
  const read = readEnvironment(process.env, folder, poll)
  knowSecrets(process.env, read.environment)
  return { ...read, envFile }
}

export type OperatorFile =
  | { readonly kind: 'ready'; readonly settings: OperatorSettings; readonly written: boolean }
  | { readonly kind: 'broken'; readonly problems: readonly SettingsProblem[] }

/** `written` false: there is no file, and the defaults hold. */
export function readOperatorFile(file: string): OperatorFile {
  const text = readIfThere(file)
  const reading = readOperatorSettings(text)
  return reading.kind === 'ready' ? { ...reading, written: text !== null } : reading
}

function readIfThere(file: string): string | null {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  }
}

/** `yardmaster.config.yml:3: caps.total: …`, so that editors can jump there. */
export function describeProblem(file: string, problem: SettingsProblem): string {
  const near = relative(process.cwd(), file)
  const name = near.startsWith('..') ? file : near
  const place = problem.line === null ? name : `${name}:${problem.line}`
  return problem.path === ''
    ? `${place}: ${problem.message}`
    : `${place}: ${problem.path}: ${problem.message}`
}
