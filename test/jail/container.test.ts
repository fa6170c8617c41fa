/** podman and docker as jails: what they are told, and how containers are ended and found, with a stand-in for the engine. */
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { chmod, mkdir, readdir, writeFile } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { text } from 'node:stream/consumers'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { chooseJail } from '../../src/jail/choose.ts'
import { containerArguments, type Container } from '../../src/jail/container-arguments.ts'
import { createContainerJail } from '../../src/jail/container.ts'
import type { ClosedSpec } from '../../src/jail/gate/through-gate.ts'
import type { JailSpec } from '../../src/ports/jail.ts'
import { ids, PATH, temporary } from '../git/world.ts'
import { until } from './world.ts'

const GIB = 1024 ** 3
const ABOUT: Container = {
  engine: 'podman',
  image: 'localhost/yard-agents:1',
  name: 'yardmaster-1',
  owner: '/data/jail',
  user: { uid: 990, gid: 991 },
  processes: 512,
  memory: 16 * GIB,
}
const SPEC: ClosedSpec = {
  argv: ['node', 'a b', '$x'],
  cwd: '/w/worktree',
  env: { MODEL_KEY: 'secret', PATH: '/opt/bin' },
  writable: ['/w/worktree', '/w/repository'],
  readable: ['/m/objects', '/w'],
  home: '/h',
  network: 'none',
}

describe('the arguments', () => {
  test('show its folders and nothing else, close all that can be closed, and hold no value of a secret', () => {
    const { args, env } = containerArguments(ABOUT, SPEC)
    expect(env).toEqual({ TMPDIR: '/tmp', LANG: 'C.UTF-8', MODEL_KEY: 'secret' })
    expect(args.join(' ')).not.toContain('secret')
    expect(args).toMatchInlineSnapshot(`
      [
        "run",
        "--rm",
        "--interactive",
        "--init",
        "--name=yardmaster-1",
        "--label=yardmaster.jail=/data/jail",
        "--hostname=jail",
        "--pull=never",
        "--log-driver=none",
        "--network=none",
        "--read-only",
        "--cap-drop=ALL",
        "--security-opt=no-new-privileges",
        "--userns=keep-id",
        "--user=990:991",
        "--pids-limit=512",
        "--memory=12884901888",
        "--oom-score-adj=1000",
        "--cpu-shares=512",
        "--ulimit=core=0",
        "--ulimit=fsize=4294967296",
        "--ulimit=nofile=16384",
        "--shm-size=2147483648",
        "--tmpfs",
        "/tmp:rw,exec,nosuid,nodev,mode=1777,size=4294967296",
        "--tmpfs",
        "/var/tmp:rw,exec,nosuid,nodev,mode=1777,size=4294967296",
        "--tmpfs",
        "/run:rw,exec,nosuid,nodev,mode=1777,size=67108864",
        "--mount",
        "type=bind,source=/w,target=/w,readonly",
        "--mount",
        "type=bind,source=/h,target=/h",
        "--mount",
        "type=bind,source=/m/objects,target=/m/objects,readonly",
        "--mount",
        "type=bind,source=/w/worktree,target=/w/worktree",
        "--mount",
        "type=bind,source=/w/repository,target=/w/repository",
        "--workdir=/w/worktree",
        "--env=HOME=/h",
        "--env=PATH=/opt/bin",
        "--env=TMPDIR",
        "--env=LANG",
        "--env=MODEL_KEY",
        "--entrypoint=/bin/sh",
        "localhost/yard-agents:1",
        "-c",
        "exec "$@"",
        "sh",
        "node",
        "a b",
        "$x",
      ]
    `)
  })

  test('leave the network open only where it is, and keep the user only where the engine asks for it', () => {
    const { args } = containerArguments(
      { ...ABOUT, engine: 'docker' },
      { ...SPEC, network: 'open' },
    )
    expect(args.filter((word) => /network|userns/.test(word))).toEqual([])
  })

  test('are understood by the docker of this machine', async (context) => {
    const docker = PATH.split(delimiter)
      .map((folder) => join(folder, 'docker'))
      .find((path) => existsSync(path))
    if (docker === undefined) return context.skip('no docker here')
    const { args } = containerArguments({ ...ABOUT, engine: 'docker' }, SPEC)
    const nowhere = { DOCKER_HOST: 'unix:///nowhere/docker.sock' }
    const said = await promisify(execFile)(docker, args, { env: nowhere }).catch((error: unknown) =>
      String(error),
    )
    // It has read them all before it finds that nobody is there.
    expect(said).toMatch(/cannot connect|failed to connect/i)
    expect(said).not.toMatch(/unknown|invalid/i)
    return undefined
  })
})

/** Keeps containers as process groups, named in a folder. */
const ENGINE = `#!/bin/sh
state=$(dirname "$0")/state
case $1 in
--version) echo "podman version 5.1.2" ;;
run)
  case "$*" in *' echo -c '*) env; printf '%s\\n' "$@"; exit 0 ;; esac
  for word; do case $word in --name=*) name=\${word#--name=} ;; esac; done
  while [ "$1" != --entrypoint=/bin/sh ]; do shift; done
  test "$2" != broken || { echo "no such image: broken" >&2; exit 125; }
  shift 2
  exec 3<&0
  setsid sh "$@" <&3 &
  echo $! >"$state/$name"
  wait $!
  code=$?
  rm -f "$state/$name"
  exit $code
  ;;
kill) kill -TERM "-$(cat "$state/$3")" ;;
rm) kill -KILL "-$(cat "$state/$4")"; rm -f "$state/$4" ;;
ps) ls "$state" ;;
esac
`

async function world(image = 'agents') {
  const folder = await temporary()
  const [bin, home] = [join(folder, 'bin'), join(folder, 'home')]
  await Promise.all(
    [join(bin, 'state'), home].map(async (path) => await mkdir(path, { recursive: true })),
  )
  await writeFile(join(bin, 'podman'), ENGINE)
  await chmod(join(bin, 'podman'), 0o755)
  const jail = createContainerJail({
    engine: 'podman',
    program: join(bin, 'podman'),
    image,
    folder: join(folder, 'jail'),
    sockets: folder,
    environment: { PATH },
    ids,
  })
  const spec = (argv: JailSpec['argv'], more: Partial<JailSpec> = {}): JailSpec => ({
    argv,
    cwd: home,
    env: {},
    writable: [],
    readable: [],
    home,
    network: 'none',
    ...more,
  })
  return { folder, bin, home, jail, spec, running: async () => await readdir(join(bin, 'state')) }
}

describe('a container', () => {
  test('is told by its program’s input, output, environment and code', async () => {
    const { jail, spec } = await world()
    const jailed = await jail.start(
      spec(['sh', '-c', 'cat; echo $WORD; echo err >&2; exit 7'], { env: { WORD: 'given' } }),
    )
    jailed.stdin.end('told ')
    expect(await text(jailed.stdout)).toBe('told given\n')
    expect(await text(jailed.stderr)).toBe('err\n')
    expect(await jailed.exited).toMatchObject({ code: 7 })
    await jailed.end(0)
  })

  test('is asked first, and then ended by its name', async () => {
    const { jail, spec, running } = await world()
    const polite = await jail.start(
      spec(['sh', '-c', 'trap "echo ordered; exit 3" TERM; echo up; while :; do sleep 0.05; done']),
    )
    let said = ''
    polite.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()))
    await until(async () => await Promise.resolve(said.includes('up')))
    await polite.end(10_000)
    await until(async () => await Promise.resolve(said.includes('ordered')))
    const deaf = await jail.start(spec(['sh', '-c', 'trap "" TERM; sleep 1000']))
    await until(async () => (await running()).length === 1)
    await deaf.end(50)
    expect(await running()).toEqual([])
  })

  test('has a program of ours run by the Node of its image', async () => {
    const { jail, spec } = await world()
    const jailed = await jail.start(spec([process.execPath, '-p', 'process.argv0']))
    expect(await text(jailed.stdout)).toBe('node\n')
    await jailed.end(0)
  })

  test('that an earlier life left is ended at the next start, and no other', async () => {
    const { jail, spec, running, bin, folder } = await world()
    const first = await jail.start(spec(['sleep', '1000']))
    await until(async () => (await running()).length === 1)
    const next = createContainerJail({
      engine: 'podman',
      program: join(bin, 'podman'),
      image: 'agents',
      folder: join(folder, 'jail'),
      sockets: folder,
      environment: { PATH },
      ids,
    })
    expect(await jail.reap()).toBe(0)
    expect(await next.reap()).toBe(1)
    await first.exited
    expect(await running()).toEqual([])
    await first.end(0)
  })

  test('is refused a folder that its engine would misread', async () => {
    const { jail, spec, home } = await world()
    const odd = join(home, 'a,readonly=false')
    await mkdir(odd)
    const jailed = await jail.start(spec(['true'], { readable: [odd] }))
    expect(await jailed.exited).toMatchObject({ code: 127 })
    expect(await text(jailed.stderr)).toContain('a comma or a quote')
    await jailed.end(0)
  })

  test('has a way to the network where there is one, bound in, with Node twice by its name', async () => {
    // Told what the engine is told: a bridge that ran here would take the port of this machine.
    const { jail, spec, folder } = await world('echo')
    const network = { allow: ['example.org'], model: null }
    const jailed = await jail.start(spec([process.execPath, 'agent.js'], { network }))
    const said = (await text(jailed.stdout)).split('\n')
    await jailed.end(0)
    expect(said).toContain('--network=none')
    const shown = said.filter((word) => word.includes('gate-') && word.startsWith('type=bind'))
    expect(shown).toEqual([
      expect.stringMatching(/^type=bind,source=.*,target=.*\/gate-\w+,readonly$/),
    ])
    expect(said).toContain('HTTPS_PROXY=http://127.0.0.1:3128')
    expect(said.slice(-3)).toEqual(['node', 'agent.js', ''])
    expect(said.filter((word) => word === 'node')).toHaveLength(2)
    expect(said.join()).not.toContain(process.execPath)
    expect(await readdir(folder)).not.toContainEqual(expect.stringContaining('gate-'))
  })
})

describe('the choice', () => {
  const choose = async (choice: 'auto' | 'podman' | 'docker', image: string | null) => {
    const { bin, folder } = await world()
    return await chooseJail({
      choice,
      image,
      environment: { PATH: `${bin}${delimiter}/usr/bin:/bin`, DOCKER_HOST: 'unix:///nowhere' },
      folder: join(folder, 'jail'),
      sockets: folder,
      // Without bubblewrap, which lies beside the system's own programs.
      toolchain: { path: bin, needed: [], hidden: [] },
      ids,
    })
  }

  test('auto takes podman where bubblewrap is missing and an image is named', async () => {
    expect(await choose('auto', 'agents')).toMatchObject({
      kind: 'contained',
      jail: { kind: 'podman' },
      version: '5.1.2',
    })
    expect(await choose('auto', null)).toMatchObject({ kind: 'open', asked: false })
  })

  test('one that is demanded and does not work says why', async () => {
    expect(await choose('podman', 'broken')).toMatchObject({
      kind: 'unavailable',
      reason: 'podman does not work here: no such image: broken',
      fix: expect.stringContaining('podman run --rm broken'),
    })
    expect(await choose('docker', 'agents')).toMatchObject({
      kind: 'unavailable',
      reason: 'docker is not installed',
    })
  })
})
