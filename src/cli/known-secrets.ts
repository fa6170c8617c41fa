/** The secrets of this very process: one registry, which the terminal, the log and what is sent to GitHub share. */
import { registerEnvironment } from '../policy/secrets/of-environment.ts'
import { createSecrets } from '../policy/secrets/secrets.ts'
import type { Environment } from './environment.ts'

export const secrets = createSecrets()

export function knowSecrets(
  variables: Readonly<Record<string, string | undefined>>,
  { app, boardToken }: Pick<Environment, 'app' | 'boardToken'>,
): void {
  registerEnvironment(secrets, variables)
  if (app !== null) {
    secrets.register('the private key of the App', app.privateKey)
    if (app.webhookSecret !== null) secrets.register('the webhook secret', app.webhookSecret)
  }
  if (boardToken !== null) secrets.register('the token for boards', boardToken)
}
