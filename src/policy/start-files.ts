/**
 * Files that programs obey by being there: whoever may write one in a worktree can make an agent, a package manager or
 * git run something as soon as it starts, or steer what it does (T21). Before a start they are put as the approved base
 * has them; a change of one is a finding that a person must approve.
 */
import { stripInvisible } from '../domain/invisible.ts'

export interface StartFile {
  /** A file or folder, in whatever folder it lies; of two parts only where the first one alone holds other things. */
  readonly path: string
  readonly why: string
}

const of = (why: string, ...paths: readonly string[]): readonly StartFile[] =>
  paths.map((path) => ({ path, why }))

/**
 * Not here is what is the project's own code, however early it runs (`package.json`, `conftest.py`, `build.rs`): a
 * change of it is what the agent is asked for, and the jail is what holds it.
 */
export const START_FILES: readonly StartFile[] = [
  ...of(
    'Claude Code: hooks and MCP servers that start before the first prompt, permissions, agents, skills',
    '.claude',
    '.claude-plugin',
  ),
  ...of('MCP servers that agents start as programs', '.mcp.json', 'mcp.json'),
  ...of(
    'Codex: MCP servers, notify programs, profiles without a sandbox',
    '.codex',
    'AGENTS.override.md',
  ),
  ...of('Skills and their scripts, for several agents', '.agents'),
  ...of('Gemini CLI: MCP servers, hooks, tool discovery commands', '.gemini'),
  ...of('Qwen Code: as Gemini CLI', '.qwen'),
  ...of(
    'OpenCode: plugins that are loaded as code',
    '.opencode',
    'opencode.json',
    'opencode.jsonc',
  ),
  ...of(
    'Copilot CLI: hooks, MCP servers, agents, instructions',
    '.copilot',
    '.github/hooks',
    '.github/copilot',
    '.github/agents',
    '.github/skills',
    '.github/instructions',
    '.github/prompts',
    '.github/copilot-instructions.md',
    '.github/mcp.json',
  ),
  ...of('Cursor: hooks, MCP servers, rules', '.cursor', '.cursorrules'),
  ...of(
    'Windsurf, Cline, Roo, Kiro: rules, hooks, MCP servers',
    '.windsurf',
    '.clinerules',
    '.roo',
    '.kiro',
  ),
  ...of(
    'Aider, Goose, Crush, Continue: commands and servers to start',
    '.aider.conf.yml',
    '.goosehints',
    '.crush.json',
    'crush.json',
    '.continue',
  ),
  ...of(
    'Instructions that agents obey as their operator’s',
    'CLAUDE.md',
    'CLAUDE.local.md',
    'AGENTS.md',
    'GEMINI.md',
    'QWEN.md',
  ),
  ...of(
    'Editors: tasks, MCP servers, interpreters to start',
    '.vscode',
    '.zed',
    '.idea',
    '.devcontainer',
  ),
  ...of(
    'npm, Yarn, pnpm, Bun: registries, shells, plugins, and whether install scripts run',
    '.npmrc',
    '.yarnrc',
    '.yarnrc.yml',
    '.yarnrc.yaml',
    '.yarn/plugins',
    '.yarn/releases',
    '.pnpmfile.cjs',
    '.pnpmfile.mjs',
    'bunfig.toml',
  ),
  ...of(
    'Cargo, Maven, Bazel: wrappers, extensions and options of every build',
    '.cargo',
    '.mvn',
    '.bazelrc',
  ),
  ...of('ripgrep: a program that runs for each file searched (--pre)', '.ripgreprc'),
  ...of(
    'Variables that Bun, Gemini CLI and shells load by themselves: model addresses, NODE_OPTIONS',
    '.env',
    '.env.local',
    '.envrc',
  ),
  ...of('mise: tasks, hooks and variables', 'mise.toml', '.mise.toml', 'mise.local.toml', '.mise'),
  ...of(
    'Git hooks that tools install',
    '.husky',
    '.githooks',
    '.lefthook',
    'lefthook.yml',
    'lefthook.yaml',
    'lefthook.toml',
    'lefthook.json',
    '.lefthook.yml',
    '.lefthook.yaml',
    '.pre-commit-config.yaml',
    '.overcommit.yml',
  ),
  ...of('Other repositories’ code, fetched from where it says', '.gitmodules'),
]

const listed: ReadonlySet<string> = new Set(START_FILES.map(({ path }) => path.toLowerCase()))

const holders: ReadonlySet<string> = new Set(
  [...listed].flatMap((path) => (path.includes('/') ? [path.slice(0, path.indexOf('/'))] : [])),
)

/** Whether a folder of that name may hold some that are listed by both names: a link in its place leads to them unseen. */
export const holdsStartFiles = (name: string): boolean =>
  spellings(name).some((one) => holders.has(one))

/** Globs for all of them, at any depth. */
export const START_GLOBS: readonly string[] = START_FILES.flatMap(({ path }) => [
  `**/${path}`,
  `**/${path}/**`,
])

/** The file or folder of the list at which `path` lies, or under which, as `path` spells it; null: none. */
export function startEntry(path: string): string | null {
  const parts = path.split('/')
  for (const [at, name] of parts.entries())
    if (isStartFile(at === 0 ? null : (parts[at - 1] ?? null), name))
      return parts.slice(0, at + 1).join('/')
  return null
}

/** Whether what is called `name` in a folder called `parent` is one; null: in the topmost. */
export const isStartFile = (parent: string | null, name: string): boolean =>
  spellings(name).some(
    (one) =>
      listed.has(one) ||
      (parent !== null && spellings(parent).some((folder) => listed.has(`${folder}/${one}`))),
  )

/** What of the list those paths are, each once, in the list's own words: paths can be anybody's words. */
export const startNames = (paths: readonly string[]): readonly string[] =>
  START_FILES.map(({ path }) => path).filter((name) =>
    paths.some((path) => `/${path}`.toLowerCase().endsWith(`/${name.toLowerCase()}`)),
  )

/** Some file systems take letters of either case for the same, leave out what nobody sees, or take for a letter what looks like it. */
const spellings = (name: string): readonly string[] => {
  const plain = name.toLowerCase()
  const seen = stripInvisible(name.normalize('NFKC')).toLowerCase()
  return plain === seen ? [plain] : [plain, seen]
}
