/**
 * podman or docker as a jail: each program in a container of its own, of an image that the operator names. The engine
 * may outlive us, so containers carry our name, and are ended by it.
 */
import { execFile } from 'node:child_process'
import { totalmem } from 'node:os'
import { setTimeout as wait } from 'node:timers/promises'
import { promisify } from 'node:util'
import type { Ids } from '../ports/ids.ts'
import type { Jail, JailSpec } from '../ports/jail.ts'
import {
  containerArguments,
  listArguments,
  NODE_INSIDE,
  removeArguments,
  unmountable,
} from './container-arguments.ts'
import type { Engine } from './container-arguments.ts'
import type { Resolve } from './gate/resolve.ts'
import { throughGate, type ClosedSpec } from './gate/through-gate.ts'
import { launchHere } from './launch.ts'
import type { Launched, Launcher } from './launch.ts'
import { PROCESSES, refusalArguments, whyNot } from './program.ts'

export interface ContainerJailOptions {
  readonly engine: Engine
  /** The engine's program, by absolute path. */
  readonly program: string
  readonly image: string
  /** Ours alone; containers carry its path. */
  readonly folder: string
  /** A folder with a short path, for the sockets of gates. */
  readonly sockets: string
  /** What the engine's program needs of the operator's environment, such as `HOME` and `DOCKER_HOST`. */
  readonly environment: Readonly<Record<string, string>>
  readonly ids: Ids
  /** Starts programs; from this very process unless given. */
  readonly launch?: Launcher
  readonly resolve?: Resolve
}

/** An engine that is asked for something small and does not answer hangs. Milliseconds. */
const PATIENCE = 20_000

export function createContainerJail(options: ContainerJailOptions): Jail {
  const { engine, program, image, folder, sockets, environment, ids, launch = launchHere } = options
  const live = new Set<string>()
  const ask = async (...args: readonly string[]): Promise<string> =>
    (await promisify(execFile)(program, args, { env: environment, timeout: PATIENCE })).stdout
  // One that is gone already is what was wanted; one that cannot be asked for is found at the next start.
  const remove = async (name: string): Promise<void> =>
    void (await ask(...removeArguments(engine, name)).catch(() => ''))

  const open = async (spec: ClosedSpec, name: string): Promise<Launched> => {
    const paths = [spec.cwd, spec.home, ...spec.writable, ...spec.readable]
    const reason = whyNot(spec) ?? paths.map(unmountable).find((why) => why !== null) ?? null
    if (reason !== null) {
      const [first = '/bin/sh', ...args] = refusalArguments(reason)
      return await launch({ program: first, args, cwd: '/', env: {}, report: false })
    }
    const { args, env } = containerArguments(
      {
        engine,
        image,
        name,
        owner: folder,
        user: { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 },
        processes: PROCESSES,
        memory: totalmem(),
      },
      spec,
    )
    return await launch({
      program,
      args,
      cwd: '/',
      env: { ...env, ...environment },
      report: false,
    })
  }

  return {
    kind: engine,
    node: NODE_INSIDE,
    start: async (wanted: JailSpec) => {
      const { spec, gate } = await throughGate(withOwnNode(wanted), {
        sockets,
        node: NODE_INSIDE,
        ...(options.resolve === undefined ? {} : { resolve: options.resolve }),
      })
      const name = `yardmaster-${ids.unique()}`
      live.add(name)
      const launched = await open(spec, name).catch(async (error: unknown) => {
        live.delete(name)
        await gate?.close()
        throw error
      })
      return {
        ...launched,
        end: async (grace) => {
          if (grace > 0) {
            await ask('kill', '--signal=TERM', name).catch(() => '')
            await Promise.race([launched.exited, wait(grace)])
          }
          await remove(name)
          try {
            process.kill(launched.pid, 'SIGKILL')
          } catch {
            // The engine's program went with its container.
          }
          await launched.exited
          live.delete(name)
          await gate?.close()
        },
        denied: () => gate?.denied() ?? [],
      }
    },
    reap: async () => {
      const names = (await ask(...listArguments(folder)).catch(() => '')).split('\n')
      const left = names.map((name) => name.trim()).filter((name) => name !== '' && !live.has(name))
      for (const name of left) await remove(name)
      return left.length
    },
  }
}

/** A program of ours runs by the image's Node: the machine's own is not shown, and need not fit it. */
const withOwnNode = ({ argv: [program, ...rest], ...spec }: JailSpec): JailSpec => ({
  ...spec,
  argv: [program === process.execPath ? NODE_INSIDE : program, ...rest],
})
