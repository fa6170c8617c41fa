/** Watches every agent from outside: no two of one task may live at the same time, and none may outlive its attempt. */
import { createServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import { createInterface } from 'node:readline'
import type { AgentWord } from './agent.ts'

interface Seen {
  readonly key: string
  readonly pid: number
  readonly namespace: string
  /** By the machine's monotonic clock, as the agent itself read it. Milliseconds. */
  readonly from: number
  to: number
  open: boolean
}

export interface AgentWatch {
  readonly port: number
  /** Agents that have reported. */
  readonly count: () => number
  /** Of one task. */
  readonly of: (key: string) => number
  readonly alive: () => readonly string[]
  /** Pairs of agents of one task of which the second began while the first still lived. */
  readonly overlaps: () => readonly string[]
  close(): void
}

export async function watchAgents(): Promise<AgentWatch> {
  const seen: Seen[] = []
  const lines = new Set<Socket>()
  const server = createServer((socket) => {
    let agent: Seen | null = null
    lines.add(socket)
    const closed = (): void => {
      lines.delete(socket)
      if (agent !== null) agent.open = false
    }
    socket.on('error', closed).on('close', closed)
    createInterface({ input: socket }).on('line', (text) => {
      const word = JSON.parse(text) as AgentWord
      if ('beat' in word) {
        if (agent !== null) agent.to = word.beat
        return
      }
      const { key, pid, namespace, at } = word
      agent = { key, pid, namespace, from: at, to: at, open: true }
      seen.push(agent)
      socket.write(String(seen.filter((one) => one.key === key).length))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const named = ({ key, pid, namespace }: Seen): string => `${key} (process ${pid} in ${namespace})`
  return {
    port,
    count: () => seen.length,
    of: (key) => seen.filter((one) => one.key === key).length,
    alive: () => seen.filter(({ open }) => open).map(named),
    overlaps() {
      const found: string[] = []
      for (const [at, later] of seen.toSorted((a, b) => a.from - b.from).entries()) {
        const before = seen
          .toSorted((a, b) => a.from - b.from)
          .slice(0, at)
          .filter((one) => one.key === later.key && one.to > later.from)
        for (const one of before) found.push(`${named(one)} and ${named(later)}`)
      }
      return found
    },
    close() {
      for (const socket of lines) socket.destroy()
      server.close()
    },
  }
}
