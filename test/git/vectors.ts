/**
 * What a hostile agent can plant in its worktree and task repository so that somebody else's git runs a program, with the
 * command of a plain git that shows it to be real.
 */
import { appendFile, chmod, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Pair } from '../../src/ports/git.ts'
import { write } from './world.ts'

export type Places = Pick<Pair, 'repository' | 'worktree'>

export interface Vector {
  readonly name: string
  /** `fire` is a program that touches the canary. */
  readonly plant: (pair: Places, fire: string) => Promise<void>
  /** What a plain git is asked in the worktree; null: this git needs more than that, and it is tried on ours all the same. */
  readonly real: readonly string[] | null
  /** What it reads meanwhile. */
  readonly input?: string
}

/** Committed by the agent, so part of every bundle: it names the drivers that the settings define. */
export const CONTENT = {
  'a.txt': 'changed\n',
  '.gitattributes': '* filter=evil diff=evil merge=evil\n',
  '.lfsconfig': '[lfs]\n\turl = https://evil.test\n[filter "evil"]\n\tclean = false\n',
  '.gitconfig': '[core]\n\tfsmonitor = false\n',
  'inner.git/HEAD': 'ref: refs/heads/x\n',
  'work.txt': 'work\n',
} as const

const settings = (
  name: string,
  of: (fire: string, pair: Places) => string,
  real: readonly string[] | null,
  input?: string,
): Vector => ({
  name,
  real,
  ...(input === undefined ? {} : { input }),
  plant: async (pair, fire) =>
    await appendFile(join(pair.repository, 'config'), `\n${of(fire, pair)}\n`),
})

const hook = (name: string, real: readonly string[]): Vector => ({
  name: `the hook ${name}`,
  real,
  plant: async ({ repository }, fire) => await program(join(repository, 'hooks', name), fire),
})

async function program(file: string, fire: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true })
  await writeFile(file, `#!/bin/sh\n${fire}\nexit 0\n`)
  await chmod(file, 0o755)
}

/** A bare repository whose configuration fires on the first look. */
async function evilRepository(folder: string, fire: string): Promise<void> {
  await write(folder, {
    HEAD: 'ref: refs/heads/work\n',
    config: `[core]\n\trepositoryformatversion = 0\n\tbare = false\n\tworktree = ${dirname(folder)}\n\tfsmonitor = ${fire}\n\thooksPath = ${join(folder, 'hooks')}\n`,
  })
  for (const name of ['objects', 'refs']) await mkdir(join(folder, name), { recursive: true })
}

const COMMIT = ['commit', '--quiet', '--allow-empty', '-m', 'x']
const MAIL = `From ${'0'.repeat(40)} Mon Sep 17 00:00:00 2001
From: A <a@example.com>
Subject: x

---
diff --git a/n.txt b/n.txt
new file mode 100644
--- /dev/null
+++ b/n.txt
@@ -0,0 +1 @@
+hello
`
const FETCH = ['fetch', 'evil']

export const VECTORS: readonly Vector[] = [
  hook('pre-commit', COMMIT),
  hook('post-commit', COMMIT),
  hook('reference-transaction', COMMIT),
  hook('post-index-change', ['add', '--all']),
  hook('post-checkout', ['checkout', '--quiet', '--detach']),
  hook('pre-push', ['push', '--quiet', '.', 'HEAD:refs/heads/y']),
  hook('pre-receive', ['push', '--quiet', '.', 'HEAD:refs/heads/z']),
  { ...hook('applypatch-msg', ['am']), input: MAIL },
  {
    name: 'the hook pre-auto-gc',
    real: ['gc', '--auto'],
    plant: async ({ repository }, fire) => {
      await program(join(repository, 'hooks', 'pre-auto-gc'), fire)
      await appendFile(join(repository, 'config'), '\n[gc]\n\tauto = 1\n')
      // By the fullness of this folder git guesses whether it is time.
      for (const end of ['a', 'b', 'c'])
        await write(repository, { [`objects/17/${end.repeat(38)}`]: '' })
    },
  },
  {
    name: 'core.hooksPath',
    real: COMMIT,
    plant: async ({ repository, worktree }, fire) => {
      await program(join(worktree, 'h', 'post-commit'), fire)
      await appendFile(join(repository, 'config'), `\n[core]\n\thooksPath = ${worktree}/h\n`)
    },
  },
  settings('core.fsmonitor', (fire) => `[core]\n\tfsmonitor = ${fire}`, ['status']),
  settings('a clean filter', (fire) => `[filter "evil"]\n\tclean = ${fire}`, ['add', '--all']),
  settings('a smudge filter', (fire) => `[filter "evil"]\n\tsmudge = ${fire}`, [
    'checkout',
    '--force',
    'HEAD^',
    '--',
    'a.txt',
  ]),
  settings('a filter process', (fire) => `[filter "evil"]\n\tprocess = ${fire}`, ['add', '--all']),
  {
    name: 'a filter by info/attributes',
    real: ['add', '--all'],
    plant: async ({ repository }, fire) => {
      await write(repository, { 'info/attributes': '* filter=hidden\n' })
      await appendFile(join(repository, 'config'), `\n[filter "hidden"]\n\tclean = ${fire}\n`)
    },
  },
  settings(
    'a filter by core.attributesFile',
    (fire, { worktree }) =>
      `[core]\n\tattributesFile = ${worktree}/.gitattributes\n[filter "evil"]\n\tclean = ${fire}`,
    ['add', '--all'],
  ),
  settings('a text converter', (fire) => `[diff "evil"]\n\ttextconv = ${fire}`, ['diff', 'HEAD^']),
  settings('a diff driver', (fire) => `[diff "evil"]\n\tcommand = ${fire}`, ['diff', 'HEAD^']),
  settings('an external diff', (fire) => `[diff]\n\texternal = ${fire}`, ['diff', 'HEAD^']),
  settings('a merge driver', (fire) => `[merge "evil"]\n\tdriver = ${fire}`, [
    'merge',
    '--quiet',
    'other',
  ]),
  settings(
    'a diff filter of add -p',
    (fire) => `[interactive]\n\tdiffFilter = ${fire}\n[color]\n\tui = always`,
    null,
  ),
  settings('a difftool', (fire) => `[difftool "e"]\n\tcmd = ${fire}\n[diff]\n\ttool = e`, [
    'difftool',
    '--no-prompt',
    'HEAD^',
  ]),
  {
    name: 'an included configuration',
    real: ['status'],
    plant: async ({ repository, worktree }, fire) => {
      await write(worktree, { '.evil': `[core]\n\tfsmonitor = ${fire}\n` })
      await appendFile(
        join(repository, 'config'),
        `\n[include]\n\tpath = ${join(worktree, '.evil')}\n`,
      )
    },
  },
  {
    name: 'a configuration included by condition',
    real: ['status'],
    plant: async ({ repository, worktree }, fire) => {
      await write(worktree, { '.evil': `[core]\n\tfsmonitor = ${fire}\n` })
      await appendFile(
        join(repository, 'config'),
        `\n[includeIf "gitdir:/**"]\n\tpath = ${join(worktree, '.evil')}\n`,
      )
    },
  },
  {
    name: 'a configuration of the worktree',
    real: ['status'],
    plant: async ({ repository }, fire) => {
      await appendFile(
        join(repository, 'config'),
        '\n[core]\n\trepositoryformatversion = 1\n\tbare = false\n[extensions]\n\tworktreeConfig = true\n',
      )
      await write(repository, {
        'worktrees/worktree/config.worktree': `[core]\n\tfsmonitor = ${fire}\n`,
      })
    },
  },
  {
    name: 'a .git that is a link',
    real: ['status'],
    plant: async ({ worktree }, fire) => {
      await evilRepository(join(worktree, 'evil'), fire)
      await rm(join(worktree, '.git'))
      await symlink('evil', join(worktree, '.git'))
    },
  },
  {
    name: 'a .git file that points elsewhere',
    real: ['status'],
    plant: async ({ worktree }, fire) => {
      await evilRepository(join(worktree, 'evil'), fire)
      await writeFile(join(worktree, '.git'), `gitdir: ${join(worktree, 'evil')}\n`)
    },
  },
  {
    name: 'a common folder that points elsewhere',
    real: ['status'],
    plant: async ({ repository, worktree }, fire) => {
      await evilRepository(join(worktree, 'evil'), fire)
      await writeFile(
        join(repository, 'worktrees', 'worktree', 'commondir'),
        join(worktree, 'evil'),
      )
    },
  },
  {
    name: 'a worktree that looks like a bare repository',
    real: ['status'],
    plant: async ({ worktree }, fire) => {
      await rm(join(worktree, '.git'))
      await evilRepository(worktree, fire)
    },
  },
  {
    name: 'a repository inside the worktree',
    real: ['-C', 'sub', 'status'],
    plant: async ({ worktree }, fire) => await evilRepository(join(worktree, 'sub', '.git'), fire),
  },
  {
    name: 'alternates and their refs command',
    real: null,
    plant: async ({ repository, worktree }, fire) => {
      await evilRepository(join(worktree, 'alt'), fire)
      await appendFile(
        join(repository, 'objects', 'info', 'alternates'),
        `${join(worktree, 'alt', 'objects')}\n`,
      )
      await appendFile(join(repository, 'config'), `\n[core]\n\talternateRefsCommand = ${fire}\n`)
    },
  },
  {
    name: 'a rebase that was left with a command to run',
    real: ['rebase', '--skip'],
    plant: async ({ repository }, fire) => {
      const at = await readFile(join(repository, 'refs', 'heads', 'work'), 'utf8')
      await write(join(repository, 'worktrees', 'worktree', 'rebase-merge'), {
        'git-rebase-todo': `exec ${fire}\n`,
        'git-rebase-todo.backup': `exec ${fire}\n`,
        'head-name': 'refs/heads/work\n',
        onto: at,
        'orig-head': at,
        end: '1\n',
        msgnum: '0\n',
        interactive: '',
        done: '',
      })
    },
  },
  settings(
    'a submodule’s update command',
    (fire) => `[submodule "sub"]\n\tactive = true\n\tupdate = !${fire}\n\turl = ./x`,
    null,
  ),
  settings(
    'ssh',
    (fire) => `[core]\n\tsshCommand = ${fire}\n[remote "evil"]\n\turl = ssh://e/x`,
    FETCH,
  ),
  settings(
    'a proxy for git://',
    (fire) => `[core]\n\tgitProxy = ${fire}\n[remote "evil"]\n\turl = git://e.test/x`,
    FETCH,
  ),
  settings(
    'a credential helper',
    (fire) => `[credential]\n\thelper = !${fire}`,
    ['credential', 'fill'],
    'protocol=https\nhost=evil.test\n\n',
  ),
  settings(
    'a program that asks for passwords',
    (fire) => `[core]\n\taskPass = ${fire}`,
    ['credential', 'fill'],
    'protocol=https\nhost=evil.test\n\n',
  ),
  settings(
    'an address rewritten to ext::',
    (fire) =>
      `[url "ext::${fire} #"]\n\tinsteadOf = file://\n[protocol "ext"]\n\tallow = always\n[remote "evil"]\n\turl = file:///x`,
    FETCH,
  ),
  settings(
    'the remote’s upload-pack',
    (fire) => `[remote "evil"]\n\turl = .\n\tuploadpack = ${fire}`,
    FETCH,
  ),
  settings(
    'the remote’s receive-pack',
    (fire) => `[remote "evil"]\n\turl = .\n\treceivepack = ${fire}`,
    ['push', 'evil', 'HEAD:refs/heads/q'],
  ),
  settings(
    'a signing program',
    (fire) => `[gpg]\n\tprogram = ${fire}\n[commit]\n\tgpgSign = true`,
    COMMIT,
  ),
  settings('an editor', (fire) => `[core]\n\teditor = ${fire}`, ['commit', '--allow-empty']),
  settings('a pager', (fire) => `[core]\n\tpager = ${fire}\n[pager]\n\tlog = ${fire}`, null),
  settings('an alias', (fire) => `[alias]\n\tst = !${fire}\n\tfetch = !${fire}`, ['st']),
  settings('an archive format', (fire) => `[tar "evil"]\n\tcommand = ${fire}`, [
    'archive',
    '--format=evil',
    'HEAD',
  ]),
  settings('a trailer command', (fire) => `[trailer "evil"]\n\tcmd = ${fire}`, [
    'interpret-trailers',
    '--trailer',
    'evil=x',
  ]),
]

/** By the environment of whoever starts us, and by the HOME there: nothing of an agent's, but git obeys it as well. */
export const ENVIRONMENT: readonly (readonly [
  string,
  (fire: string, home: string) => Environment,
])[] = [
  ['GIT_EXTERNAL_DIFF', (fire) => ({ GIT_EXTERNAL_DIFF: fire })],
  ['GIT_SSH_COMMAND', (fire) => ({ GIT_SSH_COMMAND: fire, GIT_SSH: fire })],
  ['GIT_ASKPASS', (fire) => ({ GIT_ASKPASS: fire, SSH_ASKPASS: fire })],
  ['GIT_EDITOR', (fire) => ({ GIT_EDITOR: fire, GIT_PAGER: fire, PAGER: fire })],
  [
    'GIT_CONFIG_COUNT',
    (fire) => ({
      GIT_CONFIG_COUNT: '1',
      GIT_CONFIG_KEY_0: 'core.fsmonitor',
      GIT_CONFIG_VALUE_0: fire,
    }),
  ],
  ['GIT_CONFIG_PARAMETERS', (fire) => ({ GIT_CONFIG_PARAMETERS: `'core.fsmonitor=${fire}'` })],
  ['GIT_CONFIG_GLOBAL', (_, home) => ({ GIT_CONFIG_GLOBAL: join(home, '.gitconfig') })],
  ['GIT_EXEC_PATH', (_, home) => ({ GIT_EXEC_PATH: home })],
  ['HOME', (_, home) => ({ HOME: home, XDG_CONFIG_HOME: home })],
]

export type Environment = Readonly<Record<string, string>>
