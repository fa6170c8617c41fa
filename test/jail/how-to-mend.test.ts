/** The exact fix for the host that it is. */
import { expect, test } from 'vitest'
import { howToInstall, howToPermit, lookAtMachine, type Host } from '../../src/jail/how-to-mend.ts'

const host = (over: Partial<Host> = {}): Host => ({
  platform: 'linux',
  distribution: ['debian'],
  contained: false,
  apparmor: false,
  closed: false,
  none: false,
  ...over,
})

test.each([
  [['debian'], 'apt-get install bubblewrap'],
  [['linuxmint', 'ubuntu', 'debian'], 'apt-get install bubblewrap'],
  [['fedora'], 'dnf install bubblewrap'],
  [['rocky', 'rhel', 'centos', 'fedora'], 'dnf install bubblewrap'],
  [['manjaro', 'arch'], 'pacman -S bubblewrap'],
  [['alpine'], 'apk add bubblewrap util-linux'],
  [['opensuse-leap', 'suse', 'opensuse'], 'zypper install bubblewrap'],
  [['unheard-of'], 'the package is called bubblewrap'],
])('on %j it is installed by %s', (distribution, command) => {
  expect(howToInstall(host({ distribution }))).toContain(command)
})

test('elsewhere than on Linux it is a container’s turn', () => {
  expect(howToInstall(host({ platform: 'darwin', distribution: [] }))).toMatch(
    /Linux only: name an `image`.*podman or docker/,
  )
})

test.each<[string, Partial<Host>, RegExp]>([
  [
    'Ubuntu’s AppArmor',
    { apparmor: true },
    /profile bwrap .*userns,.*tee \/etc\/apparmor\.d\/bwrap/,
  ],
  ['Docker', { contained: true }, /seccomp=unconfined .*apparmor=unconfined .*systempaths=unconf/],
  ['Debian’s own switch', { closed: true }, /kernel\.unprivileged_userns_clone=1/],
  ['a hardened kernel', { none: true }, /user\.max_user_namespaces=15000/],
  // A switch of the kernel holds in every container on it.
  ['a container on a hardened kernel', { none: true, contained: true }, /max_user_namespaces/],
  ['what nobody can know', {}, /bwrap --ro-bind \/ \/ --unshare-all true/],
])('where %s forbids it, that is what is told', (_, over, words) => {
  expect(howToPermit(host(over))).toMatch(words)
})

test('this machine is looked at as it is', () => {
  const seen = lookAtMachine()
  expect(seen.platform).toBe(process.platform)
  expect(lookAtMachine('darwin').platform).toBe('darwin')
})
