/** A process of its own for the tests: starts a jail with a few stubborn children, and waits to be killed. */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { homedir } from 'node:os'
import { createBwrapJail } from '../../src/jail/bwrap.ts'
import { createNoJail } from '../../src/jail/none.ts'

const [, , kind = '', folder = '', nap = ''] = process.argv
const path = process.env['PATH'] ?? ''
const ids = { unique: () => crypto.randomUUID() }
const jail =
  kind === 'none'
    ? createNoJail({ folder: join(folder, 'jail'), path, ids })
    : createBwrapJail({
        folder: join(folder, 'jail'),
        program: '/usr/bin/bwrap',
        sockets: folder,
        toolchain: { path, needed: [], hidden: [homedir()] },
        ids,
      })
await mkdir(join(folder, 'home'))
await jail.start({
  argv: ['sh', '-c', `trap '' TERM HUP; (setsid sleep ${nap} &); sleep ${nap} & sleep ${nap}`],
  cwd: join(folder, 'home'),
  env: {},
  writable: [],
  readable: [],
  home: join(folder, 'home'),
  network: 'none',
})
setInterval(() => {}, 60_000)
