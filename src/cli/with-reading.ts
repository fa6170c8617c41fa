/** Opens the reading for one command and closes it whatever happens. */
import type { Environment } from './environment.ts'
import { loadEnvironment } from './load-settings.ts'
import { openReading } from './open-reading.ts'
import type { OpenReading } from './open-reading.ts'

export async function withReading(
  use: (opened: OpenReading, environment: Environment) => Promise<void>,
): Promise<void> {
  const { environment } = loadEnvironment(process.cwd())
  const opened = await openReading(environment)
  try {
    await use(opened, environment)
  } finally {
    await opened.close()
  }
}
