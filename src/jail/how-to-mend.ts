/** What exactly to do where bubblewrap is missing or not permitted, by what is known of the machine. Facts in, one sentence out. */
import { existsSync, readFileSync } from 'node:fs'

export interface Host {
  /** `linux`, `darwin`, … */
  readonly platform: string
  /** `ID` and `ID_LIKE` of /etc/os-release. */
  readonly distribution: readonly string[]
  /** We run in a container ourselves. */
  readonly contained: boolean
  /** Ubuntu: programs without a profile may make no user namespaces. */
  readonly apparmor: boolean
  /** Debian before 11, and hardened kernels: only root may. */
  readonly closed: boolean
  /** RHEL 7, and hardened machines: nobody may. */
  readonly none: boolean
}

/** What installs packages, by the names that distributions give themselves. */
const INSTALLERS: readonly (readonly [names: readonly string[], command: string])[] = [
  [['debian', 'ubuntu'], 'apt-get install bubblewrap'],
  [['fedora', 'rhel', 'centos'], 'dnf install bubblewrap'],
  [['arch'], 'pacman -S bubblewrap'],
  [['alpine'], 'apk add bubblewrap util-linux'],
  [['suse', 'opensuse'], 'zypper install bubblewrap'],
]

const CONTAINERS =
  'name an `image` in the settings, so that podman or docker can be the jail, or run Yardmaster on a Linux machine'

export function howToInstall({ platform, distribution }: Host): string {
  if (platform !== 'linux') return `Bubblewrap exists on Linux only: ${CONTAINERS}.`
  const known = INSTALLERS.find(([names]) => names.some((name) => distribution.includes(name)))
  return `Install it: ${known === undefined ? 'the package is called bubblewrap' : `\`${known[1]}\``}.`
}

const APPARMOR =
  "printf 'abi <abi/4.0>,\\ninclude <tunables/global>\\nprofile bwrap /usr/bin/bwrap flags=(unconfined) {\\n  userns,\\n}\\n' | sudo tee /etc/apparmor.d/bwrap && sudo apparmor_parser -r /etc/apparmor.d/bwrap"

export function howToPermit(host: Host): string {
  if (host.none)
    return 'User namespaces are switched off: `sudo sysctl -w user.max_user_namespaces=15000`, and the same line in /etc/sysctl.d/ for the next boot.'
  if (host.closed)
    return 'User namespaces are for root only: `sudo sysctl -w kernel.unprivileged_userns_clone=1`, and the same line in /etc/sysctl.d/ for the next boot.'
  if (host.apparmor)
    return `AppArmor lets only programs with a profile make user namespaces. Give bubblewrap one: \`${APPARMOR}\`.`
  if (host.contained)
    return 'The container that Yardmaster runs in forbids namespaces. Start it with `--security-opt seccomp=unconfined --security-opt apparmor=unconfined --security-opt systempaths=unconfined` (docker) or `--security-opt seccomp=unconfined --security-opt unmask=ALL` (podman).'
  return 'Something on this machine forbids user namespaces (SELinux, a service manager’s RestrictNamespaces=, or seccomp): try `bwrap --ro-bind / / --unshare-all true` as the user that runs Yardmaster, and look into the system’s log.'
}

export function lookAtMachine(platform: string = process.platform): Host {
  const release = read('/etc/os-release')
  const names = [...release.matchAll(/^(?:ID|ID_LIKE)="?([^"\n]*)"?$/gm)]
  return {
    platform,
    distribution: names.flatMap(([, value = '']) => value.split(' ')),
    contained: ['/.dockerenv', '/run/.containerenv'].some((path) => existsSync(path)),
    apparmor: read('/proc/sys/kernel/apparmor_restrict_unprivileged_userns').trim() === '1',
    closed: read('/proc/sys/kernel/unprivileged_userns_clone').trim() === '0',
    none: read('/proc/sys/user/max_user_namespaces').trim() === '0',
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
