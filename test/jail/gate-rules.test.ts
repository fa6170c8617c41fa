/** Which names and addresses the gate lets through, as tables. */
import { networkInterfaces } from 'node:os'
import { describe, expect, test } from 'vitest'
import { isPublic } from '../../src/jail/gate/addresses.ts'
import { addressOf } from '../../src/jail/gate/resolve.ts'
import { allowList, sayTarget, targetOf } from '../../src/jail/gate/targets.ts'

describe('an address', () => {
  test.each([
    ['0.0.0.0', '0.1.2.3', '10.0.0.1', '10.255.255.255', '100.64.0.1', '100.127.255.255'],
    ['127.0.0.1', '127.1.2.3', '127.255.255.255', '169.254.169.254', '169.254.0.1'],
    ['172.16.0.1', '172.31.255.255', '192.0.0.8', '192.0.2.1', '192.88.99.1', '192.168.1.1'],
    ['198.18.0.1', '198.51.100.7', '203.0.113.9', '224.0.0.1', '239.1.1.1', '240.0.0.1'],
    ['255.255.255.255', '::', '::1', 'fe80::1', 'fe80::1%eth0', 'febf::1', 'fc00::1', 'fd12::1'],
    ['::ffff:127.0.0.1', '::ffff:8.8.8.8', '::127.0.0.1', '::ffff:0:10.0.0.1', '64:ff9b::7f00:1'],
    ['64:ff9b:1::1', '2001::1', '2001:db8::1', '2002:7f00:1::', '2002:a9fe:a9fe::', 'ff02::1'],
    ['100::1', '3fff::1', '5f00::1', 'fec0::1', 'localhost', '', '1', '127.1', '0x7f.1'],
  ])('of this machine, its network or of no use is not public: %s, …', (...addresses) => {
    expect(addresses.filter(isPublic)).toEqual([])
  })

  test('of the internet is', () => {
    const all = ['1.1.1.1', '9.255.255.255', '11.0.0.1', '100.63.0.1', '100.128.0.1', '126.0.0.1']
    all.push('169.253.1.1', '172.15.0.1', '172.32.0.1', '192.167.0.1', '192.169.0.1', '223.0.0.1')
    all.push('2606:4700::1', '2a00:1450:4001::1', '2001:4860:4860::8888', '2003::1')
    expect(all.filter((address) => !isPublic(address))).toEqual([])
  })

  test('that this machine has itself is not, whatever it is', () => {
    const own = Object.values(networkInterfaces()).flatMap((all) => all ?? [])
    expect(own.length).toBeGreaterThan(0)
    expect(own.map(({ address }) => address).filter(isPublic)).toEqual([])
  })
})

describe('a target', () => {
  test.each([
    ['example.org:443', 'example.org:443'],
    ['Example.ORG.:80', 'example.org:80'],
    ['[2001:DB8::1]:8443', '[2001:db8::1]:8443'],
    ['127.0.0.1:1', '127.0.0.1:1'],
  ])('%s is read as %s', (text, read) => {
    const target = targetOf(text)
    expect(target === null ? null : sayTarget(target)).toBe(read)
  })

  test.each([
    'example.org',
    'example.org:',
    'example.org:0',
    'example.org:65536',
    'example.org:443:80',
    ':443',
    '.:443',
    'user@example.org:443',
    'example.org/..:443',
    'exa mple.org:443',
    'example.org\u0000.allowed.org:443',
    'exаmple.org:443',
    '[::1:443',
    '[fe80::1%eth0]:443',
    '[zz]:443',
    'http://example.org:443',
    `${'a'.repeat(254)}:443`,
  ])('%j is none', (text) => {
    expect(targetOf(text)).toBeNull()
  })
})

describe('the list', () => {
  const judge = allowList([
    'registry.npmjs.org',
    '*.example.org',
    'git.example.com:8443',
    '10.0.0.5:4873',
    '[fd00::5]:80',
  ])
  const allowed = (text: string): boolean => {
    const target = targetOf(text)
    return target !== null && judge(target).allowed
  }

  test.each([
    'registry.npmjs.org:443',
    'REGISTRY.npmjs.org.:80',
    'a.example.org:443',
    'a.b.example.org:443',
    'git.example.com:8443',
    '10.0.0.5:4873',
    '[fd00::5]:80',
  ])('lets %s through', (text) => {
    expect(allowed(text)).toBe(true)
  })

  test.each([
    'registry.npmjs.org:22',
    'registry.npmjs.org.evil.net:443',
    'evilregistry.npmjs.org:443',
    'example.org:443',
    'evilexample.org:443',
    'git.example.com:443',
    'a.git.example.com:8443',
    '10.0.0.5:443',
    '10.0.0.6:4873',
    '[fd00::5]:443',
    'npmjs.org:443',
  ])('keeps %s out', (text) => {
    expect(allowed(text)).toBe(false)
  })

  test('may be private only where the address itself is written, never through a name', async () => {
    const go = async (text: string, addresses: readonly string[]) => {
      const target = targetOf(text)
      if (target === null) throw new Error('a target')
      const { written } = judge(target)
      return (await addressOf(target, written, async () => await Promise.resolve(addresses))).kind
    }
    expect(await go('10.0.0.5:4873', [])).toBe('found')
    expect(await go('registry.npmjs.org:443', ['104.16.0.1'])).toBe('found')
    expect(await go('registry.npmjs.org:443', ['127.0.0.1'])).toBe('private')
    expect(await go('registry.npmjs.org:443', ['104.16.0.1', '169.254.169.254'])).toBe('private')
    expect(await go('registry.npmjs.org:443', ['::ffff:10.0.0.1'])).toBe('private')
    expect(await go('registry.npmjs.org:443', [])).toBe('unknown')
  })
})
