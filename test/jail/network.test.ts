/** What a jailed program reaches by each network policy, through the product's own jail, gate and bridge. */
import { createServer as createHttp } from 'node:http'
import type { AddressInfo, Server } from 'node:net'
import { once } from 'node:events'
import { readdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { text } from 'node:stream/consumers'
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { MODEL_ORIGIN, type Gate } from '../../src/ports/jail.ts'
import { isMissing, jailWorld } from './world.ts'

async function listening(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  return (server.address() as AddressInfo).port
}

const hello = async (): Promise<number> =>
  await listening(createHttp((_, response) => response.end('hello')))

const gate = (more: Partial<Gate> = {}): Gate => ({ allow: [], model: null, ...more })

/** Asks each address in turn, with Node's own client and the environment's proxy. */
const ASK = `for (const url of process.argv.slice(1))
  await fetch(url).then(async (r) => console.log(r.status, (await r.text()).trim().slice(0, 60)), () => console.log('refused'))`
const ask = (...urls: readonly string[]) =>
  [process.execPath, '--input-type=module', '-e', ASK, ...urls] as const

describe('a jail with a gate', () => {
  beforeEach((context) => context.skip(isMissing('bwrap'), 'no bubblewrap here'))

  test('reaches what is on the list and nothing else, and tells what it was refused', async () => {
    const world = await jailWorld('bwrap')
    const [open, closed] = [await hello(), await hello()]
    const network = gate({ allow: [`[::1]:9`, `127.0.0.1:${open}`] })
    // 127.0.0.1 goes round the proxy, to the jail's own: what a list names there is reached by asking the proxy for it.
    const env = { NO_PROXY: '', no_proxy: '' }
    const jailed = await world.jail.start(
      world.spec(
        [...ask(`http://127.0.0.1:${open}`, `http://127.0.0.1:${closed}`, 'http://evil.test')],
        {
          network,
          env,
        },
      ),
    )
    jailed.stdin.end()
    expect(await text(jailed.stdout)).toBe('200 hello\nrefused\nrefused\n')
    await jailed.end(0)
    expect(jailed.denied()).toEqual([`127.0.0.1:${closed}`, 'evil.test:80'])
  })

  test('has its model at one address, with a key that it does not hold', async () => {
    const world = await jailWorld('bwrap')
    const keys: (string | undefined)[] = []
    const port = await listening(
      createHttp((request, response) => {
        keys.push(request.headers.authorization)
        response.end('well asked')
      }),
    )
    const network = gate({
      model: { upstream: `http://127.0.0.1:${port}`, header: 'authorization', secret: 'k-real' },
    })
    const script = `env; cat /proc/[0-9]*/environ | tr '\\0' '\\n'; cat /proc/[0-9]*/cmdline; "$@"`
    const { out } = await world.run(['sh', '-c', script, 'sh', ...ask(MODEL_ORIGIN)], { network })
    expect(out).toContain('200 well asked')
    expect(out).not.toContain('k-real')
    expect(keys).toEqual(['Bearer k-real'])
  })

  test('ends with the program’s own code, signal, words and input', async () => {
    const world = await jailWorld('bwrap')
    const network = gate()
    expect(await world.run(['sh', '-c', 'echo out; echo err >&2; exit 7'], { network })).toEqual({
      out: 'out\n',
      err: 'err\n',
      code: 7,
      signal: null,
    })
    expect(await world.run(['sh', '-c', 'kill -9 $$'], { network })).toMatchObject({ code: 137 })
    expect(await world.run(['no-such-program'], { network })).toMatchObject({
      code: 127,
      err: expect.stringContaining('no-such-program'),
    })
    const jailed = await world.jail.start(world.spec(['cat'], { network }))
    jailed.stdin.end('what is told')
    expect(await text(jailed.stdout)).toBe('what is told')
    await jailed.end(0)
  })

  test('lets a program that is asked to stop use the network until it has', async () => {
    const world = await jailWorld('bwrap')
    const port = await hello()
    const program = `process.on('SIGTERM', () => setTimeout(async () => {
      console.log(await (await fetch('${MODEL_ORIGIN}')).text()); process.exit(0) }, 100));
      console.log('up'); setInterval(() => {}, 1000)`
    const network = gate({
      model: { upstream: `http://127.0.0.1:${port}`, header: 'x-api-key', secret: null },
    })
    const jailed = await world.jail.start(
      world.spec([process.execPath, '-e', program], { network }),
    )
    const said: string[] = []
    jailed.stdout.on('data', (chunk: Buffer) => said.push(chunk.toString()))
    await once(jailed.stdout, 'data')
    await jailed.end(20_000)
    expect(said.join('')).toBe('up\nhello\n')
    expect((await jailed.exited).code).toBe(0)
  })

  test('leaves nothing behind when it has ended', async () => {
    const world = await jailWorld('bwrap')
    const before = (await readdir(tmpdir())).filter((name) => name.startsWith('gate-'))
    await world.run(['true'], { network: gate() })
    const after = (await readdir(tmpdir())).filter((name) => name.startsWith('gate-'))
    expect(after.filter((name) => !before.includes(name))).toEqual([])
  })
})
