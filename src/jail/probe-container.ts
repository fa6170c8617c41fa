/** Is there a podman or docker here that works with the operator's image? Asked by running it with the very arguments that a jail uses. */
import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { setTimeout as wait } from 'node:timers/promises'
import { promisify } from 'node:util'
import { plainText } from '../domain/plain-text.ts'
import type { Jail, Jailed, JailProbe } from '../ports/jail.ts'
import { createContainerJail, type ContainerJailOptions } from './container.ts'
import { findProgram } from './find-program.ts'

export type ContainerProbe =
  | { readonly kind: 'works'; readonly jail: Jail; readonly version: string }
  | Extract<JailProbe, { kind: 'unavailable' }>

/** The first container after a boot takes some seconds. */
const LIMIT = 30_000
/** What we and the agents cannot do without. */
const NEEDED =
  'for name in git node; do command -v $name >/dev/null || { echo "the image has no $name" >&2; exit 1; }; done'

export async function probeContainer(
  options: Omit<ContainerJailOptions, 'program'> & { readonly path: string },
): Promise<ContainerProbe> {
  const { engine, image } = options
  const program = await findProgram(engine, options.path)
  if (program === null)
    return unavailable(`${engine} is not installed`, `Install ${engine}, or write \`jail: auto\`.`)
  const jail = createContainerJail({ ...options, program })
  const complaint = await attempt(jail, options.folder)
  if (complaint !== null)
    return unavailable(
      `${engine} does not work here: ${complaint}`,
      /container-init|docker-init/.test(complaint)
        ? 'Install its init: the package is called catatonit (podman) or docker-init.'
        : `Try \`${engine} run --rm ${image} git --version\` as the user that runs Yardmaster.`,
    )
  const { stdout } = await promisify(execFile)(program, ['--version'], {
    env: options.environment,
    timeout: LIMIT,
  })
  return { kind: 'works', jail, version: /\d+(\.\d+)+/.exec(stdout)?.[0] ?? stdout.trim() }
}

const unavailable = (reason: string, fix: string): ContainerProbe => ({
  kind: 'unavailable',
  reason,
  fix,
})

/** What the trial said when it failed; null when it went well. */
async function attempt(jail: Jail, folder: string): Promise<string | null> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const home = await mkdtemp(join(folder, 'probe-'))
  let jailed: Jailed | null = null
  try {
    jailed = await jail.start({
      argv: ['sh', '-c', NEEDED],
      cwd: home,
      env: {},
      writable: [],
      readable: [],
      home,
      network: 'none',
    })
    jailed.stdin.end()
    const words = text(jailed.stderr)
    const ended = await Promise.race([jailed.exited, wait(LIMIT, null, { ref: false })])
    if (ended === null) return `it did not answer within ${LIMIT / 1000} s`
    if (ended.code === 0) return null
    return (
      plainText(await words)
        .trim()
        .split('\n')
        .at(-1) || `it ended with ${ended.code}`
    )
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  } finally {
    await jailed?.end(0)
    await rm(home, { recursive: true, force: true })
  }
}
