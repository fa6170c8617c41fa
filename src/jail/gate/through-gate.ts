/** Makes of a program that may reach a few places one that has no network, a proxy, and its address. */
import type { Gate, JailSpec } from '../../ports/jail.ts'
import { MODEL_ORIGIN } from '../../ports/jail.ts'
import { bridgeArguments } from './bridge.ts'
import { openGate, type OpenGate } from './open-gate.ts'
import type { Resolve } from './resolve.ts'

export interface ClosedSpec extends JailSpec {
  readonly network: 'none' | 'open'
}

export interface Gated {
  readonly spec: ClosedSpec
  readonly gate: OpenGate | null
}

export interface GateOptions {
  /** A folder with a short path, in which gates have their sockets. */
  readonly sockets: string
  /** Node inside. */
  readonly node: string
  /** How names become addresses; the system's own unless given. */
  readonly resolve?: Resolve
}

export async function throughGate(
  spec: JailSpec,
  { sockets, node, resolve }: GateOptions,
): Promise<Gated> {
  const { network } = spec
  if (!isGate(network)) return { spec: { ...spec, network }, gate: null }
  const gate = await openGate(sockets, network, resolve)
  return {
    gate,
    spec: {
      ...spec,
      argv: bridgeArguments(node, gate.socket, spec.argv),
      env: { ...PROXIED, ...spec.env },
      readable: [...spec.readable, gate.folder],
      network: 'none',
    },
  }
}

const isGate = (network: JailSpec['network']): network is Gate => typeof network !== 'string'

/** Both spellings: curl reads the small one for plain HTTP, most others the large ones; Node itself only when told to. */
const PROXIED: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    ['HTTP_PROXY', 'HTTPS_PROXY', 'http_proxy', 'https_proxy'].map((name) => [name, MODEL_ORIGIN]),
  ),
  ...Object.fromEntries(['NO_PROXY', 'no_proxy'].map((name) => [name, 'localhost,127.0.0.1,::1'])),
  NODE_USE_ENV_PROXY: '1',
}
