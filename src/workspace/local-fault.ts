/** The machine's own faults (disk full, no permission) as typed faults with a plain sentence; everything else passes unchanged. */
import { WorldFault } from '../ports/fault.ts'

const SENTENCES: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EROFS: 'the disk is read-only',
  EACCES: 'a permission on the data folder is missing',
  EPERM: 'a permission on the data folder is missing',
  EMFILE: 'too many files are open',
  ENFILE: 'too many files are open',
  EIO: 'the disk reports an error',
  ENOENT: 'a file of the workspace is missing',
  ENOTDIR: 'a folder of the workspace is missing',
}

export async function guarded<T>(operation: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw asFault(operation, error)
  }
}

function asFault(operation: string, error: unknown): unknown {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string')
    return error
  const sentence = SENTENCES[error.code]
  if (sentence === undefined) return error
  const where = 'path' in error && typeof error.path === 'string' ? ` (${error.path})` : ''
  return new WorldFault(`${operation}: ${sentence}${where}`, {
    kind: 'local',
    applied: 'no',
    operation,
    cause: error,
  })
}

export const diskFull = (operation: string): WorldFault =>
  new WorldFault(`${operation}: ${SENTENCES['ENOSPC']}`, {
    kind: 'local',
    applied: 'no',
    operation,
  })

export const invalid = (operation: string, message: string): WorldFault =>
  new WorldFault(message, { kind: 'invalid', applied: 'no', operation })
