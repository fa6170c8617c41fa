/** The house as a table: which room may import which. What is not listed is not allowed. */
import type { Import, Module } from './read-modules.ts'

const PURE = ['domain', 'commands', 'policy', 'render'] as const
/** Rooms that talk to the world. They know the ports and the pure ring, never each other. */
const ADAPTERS = ['github', 'git', 'workspace', 'jail', 'agents', 'store', 'web', 'system'] as const

const MAINS = ['app.ts', 'main.ts', 'main-runner.ts'] as const

/** Room → the rooms that it may import besides itself. */
export const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  domain: [],
  commands: ['domain'],
  policy: ['domain'],
  render: ['domain'],
  ports: PURE,
  engine: [...PURE, 'ports'],
  ...Object.fromEntries(ADAPTERS.map((room) => [room, [...PURE, 'ports']])),
  'app.ts': [...PURE, 'ports', 'engine', ...ADAPTERS],
  /** What app and runner are both put together from. */
  compose: [...PURE, 'ports', 'engine', ...ADAPTERS],
  'main.ts': [...PURE, 'ports', 'engine', ...ADAPTERS, 'compose', 'app.ts'],
  'main-runner.ts': [...PURE, 'ports', 'engine', ...ADAPTERS, 'compose'],
  cli: [...PURE, 'ports', 'engine', ...ADAPTERS, 'compose', ...MAINS, 'emulator'],
  /** GitHub's stand-in imports nothing of the product: it could not catch what it shared. */
  emulator: [],
}

/** Rooms that compose: the only ones that read the environment. */
export const COMPOSERS: readonly string[] = [...MAINS, 'compose', 'cli']

/** `src/domain/task.ts` → `domain`; `src/main.ts` → `main.ts`; null outside `src`. */
export function roomOf(path: string): string | null {
  const [top, room] = path.split('/')
  return top === 'src' && room !== undefined ? room : null
}

/** What is wrong with one import, in words; null when the table allows it. */
export function misplaced(module: Pick<Module, 'path'>, one: Import): string | null {
  const room = roomOf(module.path)
  const allowed = room === null ? undefined : MAY_IMPORT[room]
  if (room === null || allowed === undefined) return `${module.path} is in no room of the house`
  if (!one.ours) return null
  const target = roomOf(one.target)
  if (target === room || (target !== null && allowed.includes(target))) return null
  return `${module.path} imports ${one.target}`
}
