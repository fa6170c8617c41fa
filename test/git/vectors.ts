/** What a hostile agent can plant in its worktree and task repository so that somebody else's git runs a program. */
import { chmod, mkdir, rm, symlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Pair } from '../../src/ports/git.ts'
import { git, write } from './world.ts'

export interface Vector {
  readonly name: string
  /** `fire` is a program that touches the canary. */
  readonly plant: (pair: Pair, fire: string) => Promise<void>
}

const config = async (
  pair: Pair,
  ...settings: readonly (readonly [string, string])[]
): Promise<void> => {
  for (const [key, value] of settings) await git(pair.repository, 'config', key, value)
}

/** A bare repository whose configuration fires on the first look. */
async function evilRepository(folder: string, fire: string): Promise<void> {
  await write(folder, {
    HEAD: 'ref: refs/heads/work\n',
    config: `[core]\n\trepositoryformatversion = 0\n\tbare = false\n\tworktree = ${dirname(folder)}\n\tfsmonitor = ${fire}\n\thooksPath = ${join(folder, 'hooks')}\n`,
  })
  await mkdir(join(folder, 'objects'), { recursive: true })
  await mkdir(join(folder, 'refs'), { recursive: true })
  await hooks(folder, fire)
}

async function hooks(repository: string, fire: string): Promise<void> {
  const names = [
    'applypatch-msg',
    'post-checkout',
    'post-commit',
    'post-index-change',
    'pre-auto-gc',
    'pre-commit',
    'pre-push',
    'pre-receive',
    'reference-transaction',
    'update',
  ]
  await mkdir(join(repository, 'hooks'), { recursive: true })
  for (const name of names) {
    const file = join(repository, 'hooks', name)
    await writeFile(file, `#!/bin/sh\n${fire}\nexit 0\n`)
    await chmod(file, 0o755)
  }
}

export const VECTORS: readonly Vector[] = [
  {
    name: 'core.fsmonitor',
    plant: async (pair, fire) => await config(pair, ['core.fsmonitor', fire]),
  },
  { name: 'hooks', plant: async (pair, fire) => await hooks(pair.repository, fire) },
  {
    name: 'core.hooksPath',
    plant: async (pair, fire) => {
      await hooks(join(pair.worktree, 'h'), fire)
      await config(pair, ['core.hooksPath', join(pair.worktree, 'h', 'hooks')])
    },
  },
  {
    name: 'clean and smudge filters',
    plant: async (pair, fire) => {
      await write(pair.worktree, { '.gitattributes': '* filter=evil\n' })
      await config(pair, ['filter.evil.clean', fire], ['filter.evil.smudge', fire])
    },
  },
  {
    name: 'textconv and external diff',
    plant: async (pair, fire) => {
      await write(pair.worktree, { '.gitattributes': '* diff=evil merge=evil\n' })
      await config(
        pair,
        ['diff.evil.textconv', fire],
        ['diff.evil.command', fire],
        ['diff.external', fire],
        ['merge.evil.driver', fire],
      )
    },
  },
  {
    name: 'alternates and their refs command',
    plant: async (pair, fire) => {
      await evilRepository(join(pair.worktree, 'alt'), fire)
      await write(pair.repository, {
        'objects/info/alternates': `${join(pair.worktree, 'alt', 'objects')}\n`,
      })
      await config(pair, ['core.alternateRefsCommand', fire])
    },
  },
  {
    name: 'an included configuration',
    plant: async (pair, fire) => {
      await write(pair.worktree, {
        '.evil': `[core]\n\tfsmonitor = ${fire}\n\tpager = ${fire}\n\teditor = ${fire}\n`,
      })
      await config(pair, ['include.path', join(pair.worktree, '.evil')])
    },
  },
  {
    name: 'a .git that is a link',
    plant: async (pair, fire) => {
      await evilRepository(join(pair.worktree, 'evil'), fire)
      await rm(join(pair.worktree, '.git'))
      await symlink('evil', join(pair.worktree, '.git'))
    },
  },
  {
    name: 'a .git file that points elsewhere',
    plant: async (pair, fire) => {
      await evilRepository(join(pair.worktree, 'evil'), fire)
      await writeFile(join(pair.worktree, '.git'), `gitdir: ${join(pair.worktree, 'evil')}\n`)
    },
  },
  {
    name: 'a common folder that points elsewhere',
    plant: async (pair, fire) => {
      await evilRepository(join(pair.worktree, 'evil'), fire)
      await writeFile(
        join(pair.repository, 'worktrees', 'worktree', 'commondir'),
        join(pair.worktree, 'evil'),
      )
    },
  },
  {
    name: 'a submodule',
    plant: async (pair, fire) => {
      await evilRepository(join(pair.worktree, 'sub', '.git'), fire)
      await write(pair.worktree, {
        '.gitmodules': `[submodule "sub"]\n\tpath = sub\n\turl = ext::${fire}\n`,
      })
      await config(
        pair,
        ['submodule.sub.update', `!${fire}`],
        ['submodule.sub.url', `ext::${fire}`],
        ['submodule.recurse', 'true'],
        ['protocol.ext.allow', 'always'],
      )
    },
  },
  {
    name: 'ssh, askpass and credential programs',
    plant: async (pair, fire) =>
      await config(
        pair,
        ['core.sshCommand', fire],
        ['core.askPass', fire],
        ['credential.helper', `!${fire}`],
        ['remote.origin.url', 'ssh://evil/x'],
        ['core.gitProxy', fire],
      ),
  },
  {
    name: 'addresses rewritten to ext::',
    plant: async (pair, fire) =>
      await config(
        pair,
        [`url.ext::${fire} #.insteadOf`, 'file://'],
        [`url.ext::${fire} #.pushInsteadOf`, 'file://'],
        ['remote.origin.url', `ext::${fire}`],
        ['protocol.ext.allow', 'always'],
        ['remote.origin.uploadpack', fire],
        ['remote.origin.receivepack', fire],
      ),
  },
  {
    name: 'signing programs, aliases and pagers',
    plant: async (pair, fire) =>
      await config(
        pair,
        ['gpg.program', fire],
        ['commit.gpgSign', 'true'],
        ['push.gpgSign', 'true'],
        ['core.pager', fire],
        ['alias.fetch', `!${fire}`],
        ['sequence.editor', fire],
      ),
  },
  {
    name: 'a worktree that looks like a bare repository',
    plant: async (pair, fire) => {
      await rm(join(pair.worktree, '.git'))
      await evilRepository(pair.worktree, fire)
    },
  },
]
