/** Whether a disk has room for work. */
import { statfs } from 'node:fs/promises'

/** Below this a worktree, an agent's files and the database's log soon find none. Bytes; a judgement. */
const LEAST = 64 << 20

export async function hasRoom(folder: string): Promise<boolean> {
  const { bavail, bsize } = await statfs(folder)
  return bavail * bsize >= LEAST
}
