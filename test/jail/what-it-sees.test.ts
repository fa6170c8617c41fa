import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { totalmem } from 'node:os'
import { join } from 'node:path'
import { once } from 'node:events'
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { isMissing, jailWorld, KINDS } from './world.ts'

describe('inside bubblewrap', () => {
  beforeEach((context) => context.skip(isMissing('bwrap'), 'no bubblewrap here'))

  test('neither the operator’s files nor our data are there, only the folders that were named', async () => {
    const world = await jailWorld('bwrap')
    const secret = join(world.folder, 'store')
    await mkdir(secret)
    await writeFile(join(secret, 'key.pem'), 'canary')
    const readable = join(world.folder, 'mirror')
    await mkdir(readable)
    await writeFile(join(readable, 'pack'), 'borrowed')
    const script = [
      `cat ${secret}/key.pem /etc/shadow /etc/ssl/private/* ~root/.ssh/* ${process.cwd()}/package.json`,
      `cat ${readable}/pack`,
      `echo no > ${readable}/pack`,
      'touch /usr/x /etc/x',
      'ls -A / /root /home /run /var /mnt /srv /opt',
      'echo yes > made; echo yes > $HOME/made; echo yes > /tmp/made',
      'ls -U /tmp/made $HOME/made made',
    ].join('\n')
    const said = await world.run(['sh', '-c', script], { readable: [readable] })
    expect(said.out).toContain('borrowed')
    expect(said.out).not.toMatch(/canary|"name"|BEGIN|root:x/)
    expect(said.err).toContain('Read-only file system')
    expect(said.err).not.toContain('/tmp/made')
    expect(said.out.trim().split('\n').slice(-3)).toEqual([
      '/tmp/made',
      join(world.home, 'made'),
      'made',
    ])
    expect(said.out).not.toContain('docker')
  })

  test('our data folder is covered where a folder around it is shown', async () => {
    const world = await jailWorld('bwrap')
    await writeFile(join(world.folder, 'package.json'), 'shown')
    await writeFile(join(world.folder, 'jail', 'store'), 'canary')
    const script =
      'cat package.json; cat jail/store jail/running/*; ls -A jail; echo ok > work/made; cat work/made'
    const said = await world.run(['sh', '-c', script], {
      cwd: world.folder,
      readable: [world.folder],
    })
    expect(said.out).toBe('shownok\n')
  })

  test('memory that looks like folders has a limit, and nothing else can be written', async () => {
    const world = await jailWorld('bwrap')
    const script = [
      'for d in / /dev /usr /etc /proc /var /sys; do mkdir $d/made 2>/dev/null && echo "made $d/made"; done',
      'touch /tmp/a /var/tmp/b /run/c /dev/shm/d && ls /tmp',
      'df -k --output=size,target /tmp /run /dev/shm | tail -n +2',
    ].join('\n')
    const said = await world.run(['sh', '-c', script])
    expect(said.err).toBe('')
    const [names, sizes] = [said.out.split('\n').slice(0, 2), said.out.split('\n').slice(2)]
    expect(names).toEqual(['a', 'b'])
    const room = Object.fromEntries(sizes.map((line) => line.trim().split(/\s+/).toReversed()))
    const quarter = totalmem() / 4 / 1024
    expect(Number(room['/tmp']) / quarter).toBeCloseTo(1, 1)
    expect(Number(room['/dev/shm']) / quarter).toBeCloseTo(0.5, 1)
    expect(room['/run']).toBe('16384')
  })

  test('no other process of the machine is there, and no capability is left', async () => {
    const world = await jailWorld('bwrap')
    const outside = spawn('sleep', ['600'], { env: { CANARY: 'in-the-environment' } })
    onTestFinished(() => void outside.kill('SIGKILL'))
    const script =
      'cat /proc/[0-9]*/environ /proc/[0-9]*/cmdline; grep CapEff /proc/self/status; id -u; ls -d /proc/[0-9]*'
    const said = await world.run(['sh', '-c', script])
    expect(said.out).not.toContain('in-the-environment')
    expect(said.out).toContain('CapEff:\t0000000000000000')
    expect(said.out).not.toMatch(/^0$/m)
    expect(said.out).not.toContain(`/proc/${process.pid}\n`)
    expect(said.out.match(/^\/proc\/\d+$/gm)?.length).toBeLessThan(10)
  })

  test('without network not even this machine is reached; with it, it is', async () => {
    const world = await jailWorld('bwrap')
    const server = createServer((socket) => socket.end('hello'))
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    onTestFinished(() => void server.close())
    const address = server.address()
    const port = typeof address === 'object' ? address?.port : 0
    const script = `require("net").connect(${port}, "127.0.0.1").on("data", (d) => console.log(String(d))).on("error", (e) => console.log(e.code))`
    const argv = [process.execPath, '-e', script] as const
    expect((await world.run([...argv])).out).toBe('ECONNREFUSED\n')
    expect((await world.run([...argv], { network: 'open' })).out).toBe('hello\n')
  })

  test('node, npm and git of the operator are found by their names', async () => {
    const world = await jailWorld('bwrap')
    const said = await world.run(['sh', '-c', 'node --version; npm --version; git --version'])
    expect(said.out).toMatch(/^v\d+\.\d+\.\d+\n\d+\.\d+\.\d+\ngit version/)
    expect(said.out).toContain(process.version)
  })

  test('a value of the environment is in nobody’s arguments outside', async () => {
    const world = await jailWorld('bwrap')
    const env = { MODEL_KEY: 'canary-in-env' }
    const jailed = await world.jail.start(
      world.spec(['sh', '-c', 'echo $MODEL_KEY; sleep 600'], { env }),
    )
    const [line] = (await once(jailed.stdout, 'data')) as [Buffer]
    expect(line.toString()).toBe('canary-in-env\n')
    const ps = spawn('ps', ['axww', '-o', 'args'])
    let all = ''
    ps.stdout.on('data', (chunk: Buffer) => (all += chunk.toString()))
    await once(ps, 'close')
    await jailed.end(0)
    expect(all).toContain('sleep 600')
    expect(all).not.toContain('canary-in-env')
  })
})

describe.each(KINDS)('a program in %s', (kind) => {
  beforeEach((context) => context.skip(isMissing(kind), 'no bubblewrap here'))

  test('gets its own environment and nothing of ours', async () => {
    const world = await jailWorld(kind)
    const said = await world.run(['env'], { env: { GIVEN: 'yes', LANG: 'de_DE.UTF-8' } })
    const names = said.out
      .trim()
      .split('\n')
      .map((line) => line.split('=')[0])
    expect(names).toEqual(
      expect.arrayContaining(['GIVEN', 'HOME', 'LANG', 'PATH', 'TMPDIR', 'YARDMASTER_JAIL']),
    )
    expect(names.length).toBeLessThanOrEqual(7)
    expect(said.out).toContain('LANG=de_DE.UTF-8')
    expect(said.out).toContain(`HOME=${world.home}\n`)
  })

  test('that is not there, or is none, ends with 127 or 126 and says so', async () => {
    const world = await jailWorld(kind)
    expect(await world.run(['no-such-program'])).toMatchObject({
      code: 127,
      err: expect.stringContaining('no-such-program'),
    })
    await writeFile(join(world.work, 'plain'), 'x')
    expect(await world.run([join(world.work, 'plain')])).toMatchObject({ code: 126 })
  })

  test('whose folder is gone, or is no folder, ends with 127 and says so', async () => {
    const world = await jailWorld(kind)
    const gone = join(world.folder, 'gone')
    const said = { code: 127, err: `no such file or folder: ${gone}\n` }
    expect(await world.run(['true'], { cwd: gone })).toMatchObject(said)
    expect(await world.run(['true'], { readable: [gone] })).toMatchObject(said)
    expect(await world.run(['true'], { writable: ['relative'] })).toMatchObject({ code: 127 })
    await writeFile(join(world.folder, 'file'), '')
    expect(await world.run(['true'], { home: join(world.folder, 'file') })).toMatchObject({
      code: 127,
    })
  })

  test('gets its arguments as they are, whatever they hold', async () => {
    const world = await jailWorld(kind)
    const odd = ['$(touch x)', '`id`', '; rm -rf .', '-x', '--', "'", '"', 'a\nb', '*', 'ü', '']
    const said = await world.run(['printf', '%s|', ...odd])
    expect(said.out).toBe(odd.map((each) => `${each}|`).join(''))
  })

  test('that ends without reading its input does not end us', async () => {
    const world = await jailWorld(kind)
    const jailed = await world.jail.start(world.spec(['true']))
    await jailed.exited
    for (let n = 0; n < 50; n += 1) jailed.stdin.write('x'.repeat(100_000))
    jailed.stdin.end()
    await jailed.end(0)
    expect((await jailed.exited).code).toBe(0)
  })

  test('has its files and core dumps limited where the machine can', async (context) => {
    context.skip(!existsSync('/usr/bin/prlimit'), 'no prlimit here')
    const world = await jailWorld(kind)
    const said = await world.run([
      'prlimit',
      '--output',
      'SOFT',
      '--noheadings',
      '--core',
      '--fsize',
    ])
    expect(said.out.split(/\s+/).filter(Boolean)).toEqual(['0', '4294967296'])
  })

  test('is what the kernel ends first when memory runs out', async (context) => {
    context.skip(!existsSync('/proc/self/oom_score_adj'), 'no such choice here')
    const world = await jailWorld(kind)
    expect((await world.run(['cat', '/proc/self/oom_score_adj'])).out).toBe('1000\n')
  })

  test('that is killed tells by which signal or by its number', async () => {
    const world = await jailWorld(kind)
    const { code, signal } = await world.run(['sh', '-c', 'kill -9 $$'])
    expect(signal ?? code).toBe(kind === 'bwrap' ? 137 : 'SIGKILL')
  })
})

test('a link inside a writable folder leads nowhere that is not shown', async (context) => {
  context.skip(isMissing('bwrap'), 'no bubblewrap here')
  const world = await jailWorld('bwrap')
  await writeFile(join(world.folder, 'secret'), 'canary')
  await symlink(join(world.folder, 'secret'), join(world.work, 'link'))
  expect(await world.run(['cat', 'link'])).toMatchObject({ out: '', code: 1 })
})
