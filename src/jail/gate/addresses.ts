/**
 * Which addresses are the internet's. Everything else (this machine, its network, the cloud's metadata, what is
 * reserved) is refused: from there a program inside could reach what trusts the machine that it runs on.
 */
import { BlockList, isIPv4, isIPv6 } from 'node:net'
import { networkInterfaces } from 'node:os'

/** IANA's registry of special-purpose IPv4 addresses, with multicast. */
const RESERVED_4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  // Azure's own host, by a number that looks like the internet's.
  '168.63.129.16/32',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
]

/**
 * Of IPv6 only 2000::/3 is handed out at all, so that loopback, link-local, unique-local, IPv4 in its many disguises
 * (::ffff:, 64:ff9b::) and whatever is yet to be invented are out without being named. In it, these are special;
 * Teredo (2001::/32) and 6to4 carry IPv4 addresses within.
 */
const GLOBAL_6 = '2000::/3'
const RESERVED_6 = ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20']

const reserved = listOf(RESERVED_4, RESERVED_6)
const global = listOf([], [GLOBAL_6])

/** False for anything that is not an IP address, too. This machine's own addresses are never public, whatever they are. */
export function isPublic(address: string): boolean {
  if (isIPv4(address)) return !reserved.check(address) && !isOwn(address)
  // A zone (`%eth0`) belongs to link-local addresses only.
  if (!isIPv6(address) || address.includes('%')) return false
  return global.check(address, 'ipv6') && !reserved.check(address, 'ipv6') && !isOwn(address)
}

/** Asked anew each time: a laptop changes its address. */
function isOwn(address: string): boolean {
  const own = new BlockList()
  for (const one of Object.values(networkInterfaces()).flat())
    if (one !== undefined && !one.address.includes('%'))
      own.addAddress(one.address, one.family === 'IPv6' ? 'ipv6' : 'ipv4')
  return own.check(address, isIPv6(address) ? 'ipv6' : 'ipv4')
}

function listOf(four: readonly string[], six: readonly string[]): BlockList {
  const list = new BlockList()
  for (const [ranges, family] of [
    [four, 'ipv4'],
    [six, 'ipv6'],
  ] as const) {
    for (const range of ranges) {
      const [net = '', prefix = ''] = range.split('/')
      list.addSubnet(net, Number(prefix), family)
    }
  }
  return list
}
