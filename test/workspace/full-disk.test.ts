import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { join } from 'node:path'
import { mkdir } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { execa } from 'execa'
import { gitWorld } from '../git/world.ts'

const MOUNT = 'mount -t tmpfs -o size=3m tmpfs "$0" && exec "$@"'
const inOwnMounts = ['-c', 'exec unshare -r -m /bin/sh -c "$@"', 'sh', MOUNT] as const
const permitted = spawnSync('/bin/sh', [...inOwnMounts, '/mnt', 'true']).status === 0

describe('a full disk', () => {
  test('is a local fault, loses nothing, and needs no repair when there is room again', async (context) => {
    context.skip(!permitted, 'no mounts of its own may be made here')
    const world = await gitWorld()
    const disk = join(world.folder, 'disk')
    await mkdir(disk)
    const life = fileURLToPath(import.meta.resolve('./full-disk-life.ts'))
    const { stdout } = await execa(
      '/bin/sh',
      [...inOwnMounts, disk, process.execPath, life, disk, world.remote, world.base],
      { timeout: 60_000 },
    )
    expect(JSON.parse(stdout)).toEqual([
      'collect on a full disk: local',
      'prepare on a full disk: local',
      'collect with room again: done',
      'release on a full disk: local',
      'release with room again: done',
    ])
  }, 60_000)
})
