/** The kill switch file of a data folder. */
import { watch } from 'node:fs'
import { lstat, open, rm } from 'node:fs/promises'
import { constants } from 'node:fs'
import { hostname } from 'node:os'
import { dirname, join } from 'node:path'
import type { KillSwitch } from '../ports/kill-switch.ts'

export const killSwitchPath = (dataFolder: string): string => join(dataFolder, 'PAUSE')

/** Of the file's text this much is read as the reason; a judgement. Bytes. */
const MOST = 1_000

export function createKillSwitch(dataFolder: string): KillSwitch {
  const path = killSwitchPath(dataFolder)
  return {
    where: `${hostname()}:${path}`,
    async look() {
      const found = await lstat(path).catch((error: unknown) => absent(error))
      if (found === null) return null
      // Whatever stands there pauses; only a plain file has something to say, and only that is opened.
      return found.isFile() ? await read(path) : ''
    },
    async remove() {
      const was = await lstat(path).catch((error: unknown) => absent(error))
      await rm(path, { force: true })
      return was !== null
    },
    watch(poke) {
      const watcher = watch(dirname(path), { persistent: false }, (_, name) => {
        if (name === null || name === 'PAUSE') poke()
      })
      // The looks go on without it.
      watcher.on('error', () => watcher.close())
      return () => watcher.close()
    },
  }
}

/** Unreadable, it pauses all the same, and gives no reason. */
async function read(path: string): Promise<string> {
  const file = await open(
    path,
    constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW,
  ).catch(() => null)
  if (file === null) return ''
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(MOST), 0, MOST, 0)
    return buffer.subarray(0, bytesRead).toString('utf8').trim()
  } finally {
    await file.close()
  }
}

function absent(error: unknown): null {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
  throw error
}
