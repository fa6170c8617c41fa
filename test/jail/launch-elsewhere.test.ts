/** Programs started from the small process: the same words, ends and refusals as from our own, and none outlives it. */
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { buffer, text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, test } from 'vitest'
import { launchHere } from '../../src/jail/launch.ts'
import type { Launch, Launched } from '../../src/jail/launch.ts'
import { launchElsewhere } from '../../src/jail/launch-elsewhere.ts'
import { createBwrapJail } from '../../src/jail/bwrap.ts'
import { openSmallProcess } from '../../src/system/small-process.ts'
import { ids, PATH, temporary } from '../git/world.ts'
import { bwrapOrNull, processesWith, toolchain, until } from './world.ts'

const ENTRY = fileURLToPath(new URL('../../src/cli/small-process.ts', import.meta.url))
const open: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of open.splice(0).toReversed()) await close()
})

let sockets = ''

async function elsewhere() {
  sockets = await temporary()
  const small = openSmallProcess(ENTRY)
  open.push(() => small.close())
  const { launch, close } = await launchElsewhere({
    process: small.process,
    ids,
    sockets,
  })
  open.push(close)
  return launch
}

const shell = (script: string, more: Partial<Launch> = {}): Launch => ({
  program: '/bin/sh',
  args: ['-c', script],
  cwd: '/',
  env: { PATH },
  report: false,
  ...more,
})

async function said({ stdout, stderr, report, exited }: Launched) {
  const [out, err, told, exit] = await Promise.all([
    text(stdout),
    text(stderr),
    report === null ? null : text(report),
    exited,
  ])
  return { out, err, told, ...exit }
}

const parentOf = (pid: number): number =>
  Number(/PPid:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1])

describe.each(['here', 'elsewhere'] as const)('a program that is launched %s', (where) => {
  const launcher = async () => (where === 'here' ? launchHere : await elsewhere())

  test('reads what it is told to the end, says its words, reports, and ends with its code', async () => {
    const launch = await launcher()
    const program = await launch(
      shell('cat; echo "no" >&2; echo "$WORD" >&3; exit 7', {
        report: true,
        env: { PATH, WORD: 'hi' },
      }),
    )
    program.stdin.end('hello')
    expect(await said(program)).toEqual({
      out: 'hello',
      err: 'no\n',
      told: 'hi\n',
      code: 7,
      signal: null,
    })
  })

  test('has the environment and the folder that it is given, in a session of its own', async () => {
    const launch = await launcher()
    const program = await launch(
      shell('env | grep -v "^PWD\\|^_\\|^SHLVL"; pwd; ps -o sid= $$', { cwd: '/tmp' }),
    )
    const { out } = await said(program)
    expect(out.split('\n').map((line) => line.trim())).toEqual([
      `PATH=${PATH}`,
      '/tmp',
      String(program.pid),
      '',
    ])
  })

  test('may say more than anybody reads for a while, and loses none of it', async () => {
    const launch = await launcher()
    const program = await launch(shell('head -c 20000000 /dev/zero; cat >&2'))
    // It hangs in its own writing until somebody reads.
    await until(async () => readFileSync(`/proc/${program.pid}/stat`, 'utf8').includes(') S '))
    program.stdin.end(Buffer.alloc(5_000_000))
    const [out, err] = await Promise.all([buffer(program.stdout), buffer(program.stderr)])
    expect([out.length, err.length]).toEqual([20_000_000, 5_000_000])
  })

  test('that ends at once is heard out by whoever begins to read later', async () => {
    const launch = await launcher()
    const program = await launch(shell('echo gone; exit 127'))
    await program.exited
    expect(await said(program)).toMatchObject({ out: 'gone\n', code: 127 })
  })

  test('that ends at once without a word is heard to its end, however busy we are', async () => {
    const launch = await launcher()
    const ends = await Promise.all(
      Array.from({ length: 30 }, async () => {
        const program = launch(shell('exit 3', { report: true }))
        const busy = performance.now() + 10
        while (performance.now() < busy);
        return await said(await program)
      }),
    )
    expect(new Set(ends.map((end) => JSON.stringify(end))).size).toBe(1)
    expect(ends[0]).toEqual({ out: '', err: '', told: '', code: 3, signal: null })
  })

  test('does not hurt us when it does not read', async () => {
    const launch = await launcher()
    const program = await launch(shell('exec <&-; exit 0'))
    program.stdin.write('x'.repeat(1_000_000))
    expect(await program.exited).toEqual({ code: 0, signal: null })
  })

  test('that cannot be started is a fault of this machine', async () => {
    const launch = await launcher()
    await expect(launch(shell('', { program: '/nowhere/at-all' }))).rejects.toMatchObject({
      kind: 'local',
      applied: 'no',
      message: expect.stringContaining('ENOENT'),
    })
    const after = await launch(shell('echo well'))
    expect((await said(after)).out).toBe('well\n')
  })

  test('one of many at once keeps its own streams', async () => {
    const launch = await launcher()
    const words = Array.from({ length: 20 }, (_, index) => `word-${index}`)
    const outs = await Promise.all(
      words.map(async (word) => {
        const program = await launch(shell('cat'))
        program.stdin.end(word)
        return await text(program.stdout)
      }),
    )
    expect(outs).toEqual(words)
  })
})

describe('the process that starts programs', () => {
  test('is their parent, and killed ends what they are for us; the next one is started by a new life', async () => {
    const launch = await elsewhere()
    const program = await launch(shell('exec sleep 1000'))
    const small = parentOf(program.pid)
    expect(parentOf(small)).toBe(process.pid)
    process.kill(small, 'SIGKILL')
    expect(await program.exited).toEqual({ code: null, signal: 'SIGKILL' })
    process.kill(program.pid, 'SIGKILL')
    expect((await said(await launch(shell('echo again')))).out).toBe('again\n')
  })

  test('keeps no end of their streams: a program’s children that outlive it are heard to their end', async () => {
    const launch = await elsewhere()
    const program = await launch(shell('(sleep 0.3; echo late) & exit 0'))
    expect(await program.exited).toMatchObject({ code: 0 })
    expect(await text(program.stdout)).toBe('late\n')
  })

  test.skipIf(bwrapOrNull === null)('takes its jails along when it dies', async () => {
    const launch = await elsewhere()
    const folder = await temporary()
    const jail = createBwrapJail({
      folder,
      program: bwrapOrNull ?? '',
      toolchain: toolchain([folder]),
      sockets: folder,
      ids,
      launch,
    })
    const word = `sleeper-${process.pid}`
    const jailed = await jail.start({
      argv: ['sh', '-c', `echo up; sleep 1000; echo ${word}`],
      cwd: '/tmp',
      env: {},
      writable: [],
      readable: [],
      home: folder,
      network: 'none',
    })
    // bubblewrap asks to die with its parent first, and starts the program then.
    await once(jailed.stdout, 'data')
    process.kill(parentOf(jailed.pid), 'SIGKILL')
    await until(async () => (await processesWith(word)).length === 0)
    expect(await jailed.exited).toMatchObject({ code: null })
    await jailed.end(0)
  })

  test('waits at its end for no program that outlived its jail', async () => {
    const launch = await elsewhere()
    const program = await launch(shell('sleep 1000 & echo $!'))
    let pid = 0
    program.stdout.once('data', (words) => (pid = Number(words)))
    await program.exited
    await until(async () => pid !== 0)
    for (const close of open.splice(0).toReversed()) await close()
    expect(process.kill(pid, 'SIGKILL')).toBe(true)
  })

  test('leaves nothing in the folder for sockets', async () => {
    const launch = await elsewhere()
    await said(await launch(shell('true')))
    expect(readdirSync(sockets).length).toBe(1)
    for (const close of open.splice(0).toReversed()) await close()
    expect(readdirSync(sockets)).toEqual([])
  })
})
