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

/** The socket, or the folder it should be in, is somebody else's. A message for the operator. */
export class NotOurs extends Error {
  override name = 'NotOurs'

  constructor(folder: string, owner: number | null) {
    super(
      owner === null
        ? `${folder} is no folder. Remove it: the control socket belongs there.`
        : `${folder} belongs to user ${owner}. Run this as that user (sudo -u '#${owner}' …).`,
    )
  }
}

/** Makes the folder of a socket. Throws `NotOurs`. */
export function makePrivateFolder(socket: string): void {
  const folder = dirname(socket)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  checkOurs(folder)
  chmodSync(folder, 0o700)
}

/** In the shared temporary folder anyone could have made the folder first, and a store opened as another user would be spoilt. */
export function checkOurs(folder: string): void {
  const found = lstatSync(folder, { throwIfNoEntry: false })
  if (found === undefined) return
  if (!found.isDirectory()) throw new NotOurs(folder, null)
  const uid = process.getuid?.()
  if (uid !== undefined && found.uid !== uid) throw new NotOurs(folder, found.uid)
}
