/** Sixty places that a jailed program must not reach, and why each is one. */
import { networkInterfaces } from 'node:os'
import type { Resolve } from '../../src/jail/gate/resolve.ts'
import type { Destination } from './plan.ts'

/** Below this the list lets everything through, so that only the address is left to judge by. */
export const WILD = 'allowed.test'

/** What the names of the list come to; a name that begins with `rebind` is public first, and this machine's from then on. */
export function hostileNames(): Resolve {
  let asked = 0
  return async (host) => {
    asked += 1
    const found: Readonly<Record<string, readonly string[]>> = {
      [`local.${WILD}`]: ['127.0.0.1'],
      [`local6.${WILD}`]: ['::1'],
      [`mapped.${WILD}`]: ['::ffff:127.0.0.1'],
      [`metadata.${WILD}`]: ['169.254.169.254'],
      [`mixed.${WILD}`]: ['203.0.114.7', '127.0.0.1'],
      [`azure.${WILD}`]: ['168.63.129.16'],
      // 198.18/15 is for benchmarks: nobody answers there, should it ever be asked.
      [`rebind.${WILD}`]: asked === 1 ? ['198.18.0.9'] : ['127.0.0.1'],
    }
    return await Promise.resolve(found[host] ?? [])
  }
}

/** `port`: where a listener of ours waits on every address of this machine. */
export function destinations(port: number): readonly Destination[] {
  const at = (what: string, ports: number, ...hosts: readonly string[]): readonly Destination[] =>
    hosts.map((host) => ({ host, port: ports, what }))
  return [
    ...at('this machine', port, '127.0.0.1', '127.0.0.2', '0.0.0.0', '::1', '::', 'localhost'),
    ...at('this machine, otherwise', port, '127.1', '0x7f000001', '2130706433', '0177.0.0.1'),
    ...at('this machine, in disguise', port, '::ffff:127.0.0.1', '64:ff9b::7f00:1'),
    ...at('this machine, in disguise', port, '2002:7f00:1::1', '::127.0.0.1', 'localhost.'),
    ...at('this machine, by its network', port, ...own()),
    ...at('an allowed name that leads here', port, `local.${WILD}`, `local6.${WILD}`),
    ...at('an allowed name that leads here', port, `mapped.${WILD}`, `mixed.${WILD}`),
    ...at('an allowed name that changes its mind', port, `rebind.${WILD}`),
    ...at('the cloud, by an allowed name', port, `metadata.${WILD}`, `azure.${WILD}`),
    ...at('the cloud', 80, '169.254.169.254', '169.254.170.2', 'fd00:ec2::254', '168.63.129.16'),
    ...at('the cloud', 80, '100.100.100.200', '192.0.0.192', 'metadata.google.internal'),
    ...at('the network around', 80, '10.0.0.1', '172.16.0.1', '192.168.0.1', '100.64.0.1'),
    ...at('the network around', 22, '10.255.255.1', '192.168.1.1', 'fe80::1', 'fc00::1'),
    ...at('the network around', 443, '172.31.0.1', 'fd12:3456::1', 'ff02::1'),
    ...at('docker', 2375, '172.17.0.1', 'host.docker.internal'),
    ...at('a name server', 53, '8.8.8.8', '1.1.1.1', '127.0.0.53', '2001:4860:4860::8888'),
    ...at('everybody around', 5353, '224.0.0.251', '255.255.255.255'),
    ...at('the internet', 443, 'github.com', 'api.github.com', 'pastebin.com', '104.16.0.1'),
    ...at('the internet', 80, 'example.com', '93.184.216.34', '2606:4700::1111'),
    ...at('words in a name', 443, 'c2VjcmV0LXdvcmRz.evil.test', `${'a'.repeat(60)}.evil.test`),
    ...at('almost an allowed name', port, `${WILD}.evil.test`, `evil-${WILD}`, WILD),
    ...at('an allowed name, another port', 22, `local.${WILD}`),
  ]
}

function own(): readonly string[] {
  const all = Object.values(networkInterfaces()).flatMap((each) => each ?? [])
  return all
    .filter((each) => !each.internal)
    .map(({ address }) => address)
    .slice(0, 2)
}
