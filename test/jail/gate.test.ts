/** The gate as a program in the jail meets it: over its socket, with real servers behind. */
import { createServer as createHttp, type IncomingMessage, type Server } from 'node:http'
import { existsSync, statSync } from 'node:fs'
import { connect, createServer, type AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { once } from 'node:events'
import { describe, expect, onTestFinished, test } from 'vitest'
import { openGate } from '../../src/jail/gate/open-gate.ts'
import type { Resolve } from '../../src/jail/gate/resolve.ts'
import type { Gate } from '../../src/ports/jail.ts'
import { temporary } from '../git/world.ts'

async function gateWith(gate: Partial<Gate>, resolve?: Resolve) {
  const open = await openGate(await temporary(), { allow: [], model: null, ...gate }, resolve)
  onTestFinished(() => open.close())
  /** Says the words to the gate, and gives all that it says back. */
  const say = async (words: string): Promise<string> => {
    const socket = connect(open.socket)
    socket.write(words)
    return await text(socket)
  }
  return { ...open, say }
}

interface Told {
  readonly url: string | undefined
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

async function web(answer = 'here it is') {
  const told: Told[] = []
  const server = createHttp((request, response) => {
    void text(request).then((body) => {
      told.push({ url: request.url, headers: request.headers, body })
      if (request.url === '/away')
        response.writeHead(302, { location: 'http://169.254.169.254/latest/' })
      response.end(answer)
    })
  })
  return { told, port: await listening(server) }
}

async function listening(server: Server | ReturnType<typeof createServer>): Promise<number> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  return (server.address() as AddressInfo).port
}

const get = (url: string, more = ''): string =>
  `GET ${url} HTTP/1.1\r\nHost: whatever\r\nConnection: close\r\n${more}\r\n`

describe('the gate', () => {
  test('carries a tunnel to what is written on the list, both ways and to the end', async () => {
    const echo = createServer({ allowHalfOpen: true }, (socket) => socket.pipe(socket))
    const port = await listening(echo)
    const { socket, denied } = await gateWith({ allow: [`127.0.0.1:${port}`] })
    const client = connect({ path: socket, allowHalfOpen: true })
    const body = 'x'.repeat(3_000_000)
    // What follows in the same breath belongs to the tunnel.
    client.write(`CONNECT 127.0.0.1:${port} HTTP/1.1\r\n\r\nfirst,`)
    client.end(body)
    const said = await text(client)
    expect(said.slice(0, 39)).toBe('HTTP/1.1 200 Connection established\r\n\r\n')
    expect(said.slice(39) === `first,${body}`).toBe(true)
    expect(denied()).toEqual([])
  })

  test('carries a plain request, with the Host that was judged and without its own headers', async () => {
    const { told, port } = await web()
    const { say } = await gateWith({ allow: [`127.0.0.1:${port}`] })
    const said = await say(
      get(`http://127.0.0.1:${port}/a?b=c`, 'Proxy-Authorization: Basic eA==\r\nX-Kept: yes\r\n'),
    )
    expect(said).toContain('200 OK')
    expect(said).toContain('here it is')
    expect(told).toMatchObject([
      { url: '/a?b=c', headers: { host: `127.0.0.1:${port}`, 'x-kept': 'yes' } },
    ])
    expect(told[0]?.headers).not.toHaveProperty('proxy-authorization')
  })

  test('hands a redirect to whoever asked, whose next request is judged again', async () => {
    const { port } = await web()
    const { say, denied } = await gateWith({ allow: [`127.0.0.1:${port}`] })
    expect(await say(get(`http://127.0.0.1:${port}/away`))).toMatch(
      /302[\s\S]*location: http:\/\/169.254.169.254\/latest\//,
    )
    expect(await say(get('http://169.254.169.254/latest/'))).toContain('403')
    expect(denied()).toEqual(['169.254.169.254:80'])
  })

  test('refuses what is not on the list before it asks for its name, and remembers it', async () => {
    const asked: string[] = []
    const { say, denied } = await gateWith({ allow: ['example.org'] }, async (host) => {
      asked.push(host)
      return await Promise.resolve(['127.0.0.1'])
    })
    for (const host of ['c2VjcmV0.evil.net', 'evil.net', 'evil.net'])
      expect(await say(`CONNECT ${host}:443 HTTP/1.1\r\n\r\n`)).toContain('403')
    expect(await say('CONNECT nonsense HTTP/1.1\r\n\r\n')).toContain('403')
    expect(asked).toEqual([])
    expect(denied()).toEqual(['c2vjcmv0.evil.net:443', 'evil.net:443', 'nonsense'])
  })

  test('refuses a name on the list that leads to this machine, however often it changes its mind', async () => {
    const canary = createServer((socket) => socket.end('inside'))
    let met = 0
    canary.on('connection', () => (met += 1))
    const port = await listening(canary)
    // A public address at the first question and a private one at each later one: rebinding.
    let questions = 0
    const { say, denied } = await gateWith({ allow: [`rebind.test:${port}`] }, async () => {
      questions += 1
      return await Promise.resolve([questions === 1 ? '203.0.114.1' : '127.0.0.1'])
    })
    const client = say(`CONNECT rebind.test:${port} HTTP/1.1\r\n\r\n`)
    expect(await say(`CONNECT rebind.test:${port} HTTP/1.1\r\n\r\n`)).toContain('403')
    expect(await say(get(`http://rebind.test:${port}/`))).toContain('403')
    expect(questions).toBe(3)
    expect(met).toBe(0)
    expect(denied()).toEqual([`rebind.test:${port}`])
    client.catch(() => {})
  })

  test('says that a name has no address, and that nobody answers there', async () => {
    const { say, denied } = await gateWith({ allow: ['gone.test', '127.0.0.1:1'] }, async () => {
      return await Promise.reject(new Error('ENOTFOUND'))
    })
    expect(await say('CONNECT gone.test:443 HTTP/1.1\r\n\r\n')).toMatch(/502[\s\S]*no address/)
    expect(await say('CONNECT 127.0.0.1:1 HTTP/1.1\r\n\r\n')).toMatch(/502[\s\S]*ECONNREFUSED/)
    expect(await say(get('http://127.0.0.1:1/'))).toMatch(/502[\s\S]*ECONNREFUSED/)
    expect(denied()).toEqual([])
  })

  test('keeps at most fifty refusals, in plain letters', async () => {
    const { say, denied } = await gateWith({})
    await Promise.all(
      Array.from({ length: 60 }, async (_, n) => {
        await say(`CONNECT h${n}\`<b>\u001b${'x'.repeat(200)} HTTP/1.1\r\n\r\n`)
        return await say(`CONNECT h${n}.test:443 HTTP/1.1\r\n\r\n`)
      }),
    )
    expect(denied().length).toBe(50)
    for (const one of denied()) expect(one).toMatch(/^[\w.:?[\]-]{1,100}$/)
  })

  test('is a socket in a folder of its own, which is gone when it closes, with all who hang on', async () => {
    const { port } = await web()
    const gate = await gateWith({ allow: [`127.0.0.1:${port}`] })
    expect(statSync(gate.folder).mode & 0o777).toBe(0o700)
    expect(statSync(gate.socket).mode & 0o777).toBe(0o600)
    const idle = connect(gate.socket)
    idle.write(`CONNECT 127.0.0.1:${port} HTTP/1.1\r\n\r\n`)
    await once(idle, 'data')
    idle.resume()
    await Promise.all([gate.close(), once(idle, 'close')])
    expect(existsSync(gate.folder)).toBe(false)
  })
})

describe('the way to the model', () => {
  const door = (port: number) =>
    ({ upstream: `http://127.0.0.1:${port}/v1`, header: 'x-api-key', secret: 'k-real' }) as const

  test('puts the key in, in the place of whatever was shown', async () => {
    const { told, port } = await web('{"ok":true}')
    const { say } = await gateWith({ model: door(port) })
    const shown = [
      'Authorization: Bearer of-somebody-else',
      'X-Api-Key: of-somebody-else',
      'X-Goog-Api-Key: of-somebody-else',
      'Cookie: of=somebody-else',
      'Content-Length: 4',
    ]
    const said = await say(
      `POST /messages?a=1&key=of-somebody-else HTTP/1.1\r\nHost: 127.0.0.1:3128\r\nConnection: close\r\n${shown.join('\r\n')}\r\n\r\nbody`,
    )
    expect(said).toContain('{"ok":true}')
    expect(said).not.toContain('k-real')
    expect(told).toMatchObject([
      { url: '/v1/messages?a=1', body: 'body', headers: { 'x-api-key': 'k-real' } },
    ])
    expect(told[0]?.headers.host).toBe(`127.0.0.1:${port}`)
    expect(JSON.stringify(told)).not.toContain('somebody-else')
  })

  test('shows it as a bearer where that is how it is shown', async () => {
    const { told, port } = await web()
    const { say } = await gateWith({ model: { ...door(port), header: 'authorization' } })
    await say(get('/responses', 'X-Api-Key: other\r\n'))
    expect(told[0]?.headers.authorization).toBe('Bearer k-real')
  })

  test('leaves what is shown alone where the operator has no key', async () => {
    const { told, port } = await web()
    const { say } = await gateWith({ model: { ...door(port), secret: null } })
    await say(get('/responses?key=a', 'Authorization: Bearer own\r\n'))
    expect(told[0]).toMatchObject({
      url: '/v1/responses?key=a',
      headers: { authorization: 'Bearer own' },
    })
  })

  test('gives an answer on word by word, as it comes', async () => {
    const model = createHttp((_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.write('data: one\n\n')
      goOn.promise.then(
        () => response.end('data: two\n\n'),
        () => {},
      )
    })
    const goOn = Promise.withResolvers<null>()
    const { socket } = await gateWith({ model: door(await listening(model)) })
    const client = connect(socket)
    client.write(get('/messages'))
    let heard = ''
    for await (const chunk of client) {
      heard += String(chunk)
      // Only after the first word has arrived is the second one said.
      if (heard.includes('data: one')) goOn.resolve(null)
    }
    expect(heard).toMatch(/data: one[\s\S]*data: two/)
  })

  test('is not there for whoever has no model', async () => {
    const { say } = await gateWith({})
    expect(await say(get('/v1/messages'))).toContain('404')
  })
})
