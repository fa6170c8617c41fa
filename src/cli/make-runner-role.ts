/** Runs the script of a runner's role on the database, or prints it. */
import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { roleOf, runnerRoleSql } from '../store/runner-role.ts'
import { CommandEnd, EXIT } from './exit.ts'
import { loadEnvironment } from './load-settings.ts'
import { print } from './terminal.ts'

export async function makeRunnerRole(
  name: string,
  options: { readonly keepPassword?: true; readonly print?: true },
): Promise<void> {
  const password = options.keepPassword === true ? null : randomBytes(24).toString('base64url')
  const script = runnerRoleSql(name, password)
  if (options.print === true) return print(script)
  const { databaseUrl } = loadEnvironment(process.cwd()).environment
  if (databaseUrl === null)
    throw new CommandEnd('Set DATABASE_URL to the database that the apps use.', EXIT.wrong)
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    await client.query(script)
  } finally {
    await client.end()
  }
  const url = new URL(databaseUrl)
  url.username = roleOf(name)
  url.password = password ?? ''
  print(`The role ${roleOf(name)} stands. On the runner:`)
  print(`  DATABASE_URL=${url.href}`)
  print(`  yardmaster runner --name ${name}`)
}
