/** Guesses a repository's own setup and verify commands from the files at its root. A proposal for a person, never more. */

export interface RootFiles {
  readonly has: (name: string) => boolean
  /** Null when there is no such file. */
  readonly text: (name: string) => string | null
}

export interface DetectedCommands {
  readonly setup: readonly string[]
  readonly verify: readonly string[]
}

export function detectCommands(root: RootFiles): DetectedCommands {
  for (const detect of [node, rust, go, python, make]) {
    const found = detect(root)
    if (found !== null) return found
  }
  return { setup: [], verify: [] }
}

type Detector = (root: RootFiles) => DetectedCommands | null

const NODE_MANAGERS = [
  { lock: 'pnpm-lock.yaml', setup: 'pnpm install --frozen-lockfile', verify: 'pnpm test' },
  { lock: 'yarn.lock', setup: 'yarn install --immutable', verify: 'yarn test' },
  { lock: 'package-lock.json', setup: 'npm ci', verify: 'npm test' },
] as const

const node: Detector = (root) => {
  const text = root.text('package.json')
  if (text === null) return null
  const manager = NODE_MANAGERS.find(({ lock }) => root.has(lock))
  const tested = hasTestScript(text)
  return {
    setup: manager === undefined ? [] : [manager.setup],
    verify: tested ? [manager?.verify ?? 'npm test'] : [],
  }
}

const rust: Detector = (root) =>
  root.has('Cargo.toml') ? { setup: [], verify: ['cargo test'] } : null

const go: Detector = (root) =>
  root.has('go.mod') ? { setup: [], verify: ['go test ./...'] } : null

const python: Detector = (root) => {
  if (root.has('uv.lock')) return { setup: ['uv sync'], verify: ['uv run pytest'] }
  if (root.has('pyproject.toml') || root.has('setup.py') || root.has('requirements.txt')) {
    return { setup: [], verify: ['python -m pytest'] }
  }
  return null
}

const make: Detector = (root) => {
  const text = root.text('Makefile')
  return text !== null && /^test\s*:/m.test(text) ? { setup: [], verify: ['make test'] } : null
}

/** npm's own placeholder fails on purpose and is no test. */
function hasTestScript(packageJson: string): boolean {
  try {
    const parsed: unknown = JSON.parse(packageJson)
    const scripts = isRecord(parsed) && isRecord(parsed['scripts']) ? parsed['scripts'] : {}
    const test = scripts['test']
    return typeof test === 'string' && !test.includes('no test specified')
  } catch {
    return false
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null
