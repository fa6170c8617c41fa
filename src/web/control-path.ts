/**
 * Where the control socket of a data folder is. Only the owner of the folder can come near it: it lies in a folder
 * of mode 0700 and is itself 0600.
 */
import { createHash } from 'node:crypto'
import { chmodSync, lstatSync, mkdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

/** A socket's address holds 108 bytes on Linux and 104 on macOS, the closing NUL included. */
const LONGEST = 103

/** The same in every process of one user for the same data folder. */
export function controlPath(dataFolder: string): string {
  const near = join(dataFolder, 'control', 'socket')
  if (Buffer.byteLength(near) <= LONGEST) return near
  const name = createHash('sha256').update(dataFolder).digest('hex').slice(0, 16)
  return join(tmpdir(), `yardmaster-${process.getuid?.() ?? 0}`, name)
}

/** Makes the folder of a socket, or throws when it is not ours alone: in a shared folder anyone could have made it first. */
export function makePrivateFolder(socket: string): void {
  const folder = dirname(socket)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const found = lstatSync(folder)
  const uid = process.getuid?.()
  if (!found.isDirectory() || (uid !== undefined && found.uid !== uid)) {
    throw new Error(`${folder} is not a folder of ours alone, so no control socket can be made in it.`)
  }
  chmodSync(folder, 0o700)
}
