/**
 * Takes over a file that an agent could have made: only a regular file of our own user, not through a link of
 * either kind, up to a size; copied, so that it cannot change while it is read.
 */
import { constants, open, rm, type FileHandle } from 'node:fs/promises'
import { invalid } from './local-fault.ts'

/** False: there is no such file. Throws a `WorldFault` of kind `invalid` for anything but a plain file within the size. */
export async function takeFile(from: string, to: string, maxBytes: number): Promise<boolean> {
  const source = await openPlainly(from)
  if (source === null) return false
  try {
    const { size, nlink, uid, isFile } = await describe(source)
    if (!isFile) throw refuse('it is no regular file')
    if (nlink !== 1 || uid !== process.getuid?.()) throw refuse('it belongs to somebody else')
    if (size > maxBytes) throw refuse(`it holds ${size} bytes, and ${maxBytes} are allowed`)
    await copy(source, to, maxBytes)
    return true
  } finally {
    await source.close()
  }
}

async function openPlainly(path: string): Promise<FileHandle | null> {
  // NONBLOCK: opening a FIFO would otherwise wait for a writer that never comes.
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK
  try {
    return await open(path, flags)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : null
    if (code === 'ENOENT') return null
    if (code === 'ELOOP') throw refuse('it is a symbolic link')
    if (code === 'ENXIO' || code === 'ENOTDIR') throw refuse('it is no regular file')
    throw error
  }
}

async function describe(
  file: FileHandle,
): Promise<{ size: number; nlink: number; uid: number; isFile: boolean }> {
  const found = await file.stat()
  return { size: found.size, nlink: found.nlink, uid: found.uid, isFile: found.isFile() }
}

/** Counts as it goes: a file may grow after it was measured. */
async function copy(source: FileHandle, to: string, maxBytes: number): Promise<void> {
  const target = await open(to, 'wx', 0o600)
  try {
    const buffer = Buffer.alloc(256 * 1024)
    for (let total = 0; ;) {
      const { bytesRead } = await source.read(buffer, 0, buffer.length, null)
      if (bytesRead === 0) return
      total += bytesRead
      if (total > maxBytes) throw refuse(`it grew beyond ${maxBytes} bytes`)
      await target.writeFile(buffer.subarray(0, bytesRead))
    }
  } catch (error) {
    await rm(to, { force: true })
    throw error
  } finally {
    await target.close()
  }
}

const refuse = (why: string): Error =>
  invalid('take over a file', `a file that the agent left cannot be taken over: ${why}`)
