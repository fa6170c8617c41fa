/** A process that starts jails as the app does, lets a swarm loose in one, and waits to be killed without warning. */
import { once } from 'node:events'
import { mkdir } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { createBwrapJail } from '../../src/jail/bwrap.ts'
import { launchElsewhere } from '../../src/jail/launch-elsewhere.ts'
import { openSmallProcess } from '../../src/system/small-process.ts'
import { swarmScript } from './swarm.ts'

const [, , base = '', bwrap = '', nap = '', children = '0'] = process.argv
const ids = { unique: () => crypto.randomUUID() }
const small = openSmallProcess(join(import.meta.dirname, '../../src/cli/small-process.ts'))
const { launch } = await launchElsewhere({ process: small.process, ids, sockets: base })
const jail = createBwrapJail({
  folder: join(base, 'jail'),
  sockets: base,
  program: bwrap,
  toolchain: { path: process.env['PATH'] ?? '', needed: [process.execPath], hidden: [homedir()] },
  ids,
  launch,
})
const home = join(base, 'home')
await mkdir(home)
const jailed = await jail.start({
  argv: ['sh', '-c', swarmScript(nap, Number(children))],
  cwd: home,
  env: {},
  writable: [],
  readable: [],
  home,
  network: { allow: [], model: null },
})
await once(jailed.stdout, 'data')
process.stdout.write('up\n')
setInterval(() => {}, 60_000)
