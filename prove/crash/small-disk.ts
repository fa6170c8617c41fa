/** A disk of its own for a data folder, small enough to be filled: a tmpfs in the mounts of a process that holds it. */
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, open, rm } from 'node:fs/promises'
import { join } from 'node:path'

export interface SmallDisk {
  /** As those see it that are started `by` these words. */
  readonly folder: string
  /** As everybody else does. */
  readonly seenAt: string
  readonly by: readonly string[]
  /** Fills it, but for so many bytes. */
  fill(left: number): Promise<void>
  free(): Promise<void>
  close(): void
}

const UNSHARE: string = 'unshare'
const MOUNT = 'mount -t tmpfs -o "size=$1" tmpfs "$0" && echo up && exec sleep 1000000'
const inOwnMounts = (folder: string, size: string): readonly string[] => [
  '-r',
  '-m',
  '/bin/sh',
  '-c',
  MOUNT,
  folder,
  size,
]
const CHUNK = 1 << 20

/** Whether this machine lets us make mounts of our own. */
export function maySmallDisk(): boolean {
  const probe = ['-r', '-m', '/bin/sh', '-c', 'mount -t tmpfs -o size=1m tmpfs /mnt']
  return spawnSync(UNSHARE, probe).status === 0
}

/** `size` as mount understands it, such as `300m`. */
export async function openSmallDisk(folder: string, size: string): Promise<SmallDisk> {
  await mkdir(folder, { recursive: true })
  const holder = spawn(UNSHARE, inOwnMounts(folder, size), {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await once(holder.stdout, 'data')
  const pid = String(holder.pid)
  const seenAt = join('/proc', pid, 'root', folder)
  const filler = join(seenAt, 'filler')
  const free = () => rm(filler, { force: true })
  return {
    folder,
    seenAt,
    by: ['nsenter', '--preserve-credentials', '-U', '-m', '-t', pid],
    async fill(left) {
      await free()
      const file = await open(filler, 'w')
      let length = 0
      try {
        for (let chunk = CHUNK; chunk >= 512;) {
          const written = await file.write(Buffer.alloc(chunk), 0, chunk, length).then(
            ({ bytesWritten }) => bytesWritten,
            () => 0,
          )
          length += written
          if (written < chunk) chunk = Math.floor(chunk / 2)
        }
        await file.truncate(Math.max(0, length - left))
      } finally {
        await file.close()
      }
    },
    free,
    close: () => void holder.kill('SIGKILL'),
  }
}
