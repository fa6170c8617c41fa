/**
 * What a jailed program sees, as arguments for podman or docker: the image's own system read-only, its own folders at
 * their own paths, and nothing else of the machine. Deny by default, as for bubblewrap.
 */
import type { ClosedSpec } from './gate/through-gate.ts'

export type Engine = 'podman' | 'docker'

export interface Container {
  readonly engine: Engine
  readonly image: string
  /** Its name, by which it is found and ended. */
  readonly name: string
  /** Whose it is: the data folder that the next start looks for. */
  readonly owner: string
  /** Whom the program is outside. */
  readonly user: { readonly uid: number; readonly gid: number }
  readonly processes: number
  /** Bytes of the machine's memory. */
  readonly memory: number
}

/** What the engine's own program reads of its environment; a value for inside goes by name only if it is none of these. */
export const ENGINE_VARIABLES = [
  'PATH',
  'HOME',
  'USER',
  'XDG_RUNTIME_DIR',
  'XDG_CONFIG_HOME',
  'XDG_DATA_HOME',
  'DBUS_SESSION_BUS_ADDRESS',
  'DOCKER_HOST',
  'DOCKER_CONTEXT',
  'DOCKER_CONFIG',
  'CONTAINER_HOST',
  'CONTAINERS_CONF',
]

const LABEL = 'yardmaster.jail'

/** Those that are named there are set; `env` is what of the program's environment the engine must be given by its own. */
export function containerArguments(
  about: Container,
  spec: ClosedSpec,
): { readonly args: readonly string[]; readonly env: Readonly<Record<string, string>> } {
  const { engine, image, name, owner, user, processes, memory } = about
  const own = { HOME: spec.home, TMPDIR: '/tmp', LANG: 'C.UTF-8', ...spec.env }
  const inline = Object.entries(own).filter(([key]) => ENGINE_VARIABLES.includes(key))
  const named = Object.entries(own).filter(([key]) => !ENGINE_VARIABLES.includes(key))
  const tmpfs = (path: string, share: number): readonly string[] => [
    '--tmpfs',
    `${path}:rw,exec,nosuid,nodev,mode=1777,size=${Math.floor(memory * share)}`,
  ]
  const writable = new Set([...spec.writable, spec.home])
  const shown = [...new Set([...spec.readable, ...writable])].toSorted(
    (a, b) => depth(a) - depth(b),
  )
  const args = [
    'run',
    '--rm',
    '--interactive',
    '--init',
    `--name=${name}`,
    `--label=${LABEL}=${owner}`,
    '--hostname=jail',
    // An image is the operator's choice, made once; a start must not wait for a registry, nor be changed by one.
    '--pull=never',
    // Its output is read here; the engine would keep another copy, without an end.
    '--log-driver=none',
    ...(spec.network === 'none' ? ['--network=none'] : []),
    '--read-only',
    '--cap-drop=ALL',
    '--security-opt=no-new-privileges',
    // Without it rootless podman takes us for root inside; as root it refuses the word.
    ...(engine === 'podman' && user.uid !== 0 ? ['--userns=keep-id'] : []),
    `--user=${user.uid}:${user.gid}`,
    `--pids-limit=${processes}`,
    // Of one attempt: what is left suffices for us and for telling of it.
    `--memory=${Math.floor(memory * 0.75)}`,
    '--oom-score-adj=1000',
    '--cpu-shares=512',
    '--ulimit=core=0',
    `--ulimit=fsize=${4 * 1024 ** 3}`,
    // Engines raise it to a million of their own accord, which not every machine permits.
    '--ulimit=nofile=16384',
    `--shm-size=${Math.floor(memory / 8)}`,
    ...tmpfs('/tmp', 0.25),
    ...tmpfs('/var/tmp', 0.25),
    ...tmpfs('/run', 1 / 256),
    ...shown.flatMap((path) => ['--mount', mountOf(path, writable.has(path))]),
    `--workdir=${spec.cwd}`,
    ...inline.map(([key, value]) => `--env=${key}=${value}`),
    // Without a value: taken from the engine's own environment, for arguments are in everybody's `ps`.
    ...named.map(([key]) => `--env=${key}`),
    '--entrypoint=/bin/sh',
    image,
    '-c',
    'exec "$@"',
    'sh',
    ...spec.argv,
  ]
  return { args, env: Object.fromEntries(named) }
}

/** Node is the image's: the machine's own need not fit it. */
export const NODE_INSIDE = 'node'

/** Docker kills at once; podman would first ask, and wait for ten seconds. */
export const removeArguments = (engine: Engine, name: string): readonly string[] => [
  'rm',
  '--force',
  ...(engine === 'podman' ? ['--time=0'] : []),
  name,
]

/** What the next start looks for. */
export const listArguments = (owner: string): readonly string[] => [
  'ps',
  '--all',
  '--no-trunc',
  `--filter=label=${LABEL}=${owner}`,
  '--format={{.Names}}',
]

/** A comma would begin another option. Null: it can be shown. */
export const unmountable = (path: string): string | null =>
  /[,"\n\r]/.test(path)
    ? `a path with a comma or a quote cannot be shown in a container: ${path}`
    : null

const mountOf = (path: string, writable: boolean): string =>
  `type=bind,source=${path},target=${path}${writable ? '' : ',readonly'}`

const depth = (path: string): number => path.split('/').length
