/** Tries to reach what it must not: past the proxy and through it. */
import { createSocket } from 'node:dgram'
import { lookup } from 'node:dns/promises'
import { request } from 'node:http'
import { connect, isIP, type Socket } from 'node:net'
import type { Destination } from './plan.ts'

type Tries = Record<string, number>
const count = (tries: Tries, what: string): void => void (tries[what] = (tries[what] ?? 0) + 1)

/** What a listener of the traps says to whoever reaches it; a model's or a registry's words would be as good. */
const HERE = 'you are here'
/** Loopback answers in a millisecond, and what has no route refuses at once. */
const PATIENCE = 400

export async function trySockets(
  paths: readonly string[],
  tries: Tries,
): Promise<readonly string[]> {
  const reached: string[] = []
  for (const path of paths) {
    count(tries, 'socket')
    // A name that begins with @ is abstract: it lies in no folder, but in the namespace of the network.
    const address = path.startsWith('@') ? `\0${path.slice(1)}` : path
    if (await answers(() => connect({ path: address }))) reached.push(path)
  }
  return reached
}

export async function tryDestinations(
  destinations: readonly Destination[],
  tries: Tries,
): Promise<{
  readonly reached: readonly string[]
  readonly proxy: Readonly<Record<string, number>>
}> {
  const reached: string[] = []
  const proxy: Record<string, number> = {}
  const through = process.env['HTTP_PROXY']
  const note = (way: string, { host, port, what }: Destination, hit: boolean): void => {
    count(tries, way)
    if (hit) reached.push(`${way} ${host}:${port} (${what})`)
  }
  const status = (way: string, code: number): number => {
    proxy[`${way} ${code}`] = (proxy[`${way} ${code}`] ?? 0) + 1
    return code
  }
  await Promise.all(
    destinations.map(async (to) => {
      note('tcp', to, await answers(() => connect({ host: to.host, port: to.port })))
      note('udp', to, await echoes(to))
      if (isIP(to.host) === 0) note('name', to, await resolves(to.host))
      if (through === undefined) return
      note('http', to, status('http', await askThrough(through, to)) === 200)
      note('connect', to, status('connect', await tunnelThrough(through, to)) === 200)
    }),
  )
  return { reached, proxy }
}

/** True once the connection stands, whatever comes of it. */
async function answers(open: () => Socket): Promise<boolean> {
  return await new Promise((resolve) => {
    const socket = open()
    const settle = (hit: boolean) => (): void => {
      resolve(hit)
      socket.destroy()
    }
    socket
      .setTimeout(PATIENCE, settle(false))
      .once('connect', settle(true))
      .once('error', settle(false))
  })
}

async function echoes({ host, port }: Destination): Promise<boolean> {
  const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4')
  try {
    return await new Promise<boolean>((resolve) => {
      setTimeout(resolve, PATIENCE, false)
      socket.on('message', () => resolve(true)).on('error', () => resolve(false))
      socket.send(HERE, port, host, (error) => {
        if (error instanceof Error) resolve(false)
      })
    })
  } finally {
    socket.close()
  }
}

/** To its own loopback every jail resolves without asking anybody. */
const resolves = async (host: string): Promise<boolean> =>
  await lookup(host).then(
    ({ address }) => !/^(127\.|0\.0\.0\.0$|::1$)/.test(address),
    () => false,
  )

/** A plain request in the form for proxies; 0: no answer. */
async function askThrough(proxy: string, { host, port }: Destination): Promise<number> {
  const { hostname, port: at } = new URL(proxy)
  const path = `http://${host.includes(':') ? `[${host}]` : host}:${port}/`
  return await new Promise((resolve) => {
    request({ host: hostname, port: at, path, headers: { host: 'allowed.test' }, agent: false })
      .setTimeout(PATIENCE * 10, () => resolve(0))
      .once('response', (response) => {
        resolve(response.statusCode ?? 0)
        response.destroy()
      })
      .once('error', () => resolve(0))
      .end()
  })
}

async function tunnelThrough(proxy: string, { host, port }: Destination): Promise<number> {
  const { hostname, port: at } = new URL(proxy)
  const path = `${host.includes(':') ? `[${host}]` : host}:${port}`
  return await new Promise((resolve) => {
    request({ host: hostname, port: at, method: 'CONNECT', path, agent: false })
      .setTimeout(PATIENCE * 10, () => resolve(0))
      .once('connect', (response, socket) => {
        resolve(response.statusCode ?? 0)
        socket.destroy()
      })
      .once('response', (response) => resolve(response.statusCode ?? 0))
      .once('error', () => resolve(0))
      .end()
  })
}
