/** Reads the head of a bundle file (gitformat-bundle, version 2): lines of text up to an empty one, then the pack. */
import type { FileHandle } from 'node:fs/promises'

export interface BundleHeader {
  readonly refs: ReadonlyMap<string, string>
  /** Where the pack begins. */
  readonly packOffset: number
}

/** A bundle of ours names one ref and one prerequisite; ten thousand refs still fit. */
const MAX_HEADER = 1024 * 1024
const SIGNATURE = '# v2 git bundle'

/** A sentence instead, when the file is no bundle that we accept. */
export async function readBundleHeader(file: FileHandle): Promise<BundleHeader | string> {
  const buffer = Buffer.alloc(MAX_HEADER)
  const { bytesRead } = await file.read(buffer, 0, MAX_HEADER, 0)
  const bytes = buffer.subarray(0, bytesRead)
  const end = bytes.indexOf('\n\n')
  if (!bytes.subarray(0, SIGNATURE.length + 1).equals(Buffer.from(`${SIGNATURE}\n`)))
    return 'it is no git bundle of version 2'
  if (end === -1) return 'its list of refs is too long, or the file is cut off'
  const refs = new Map<string, string>()
  for (const line of bytes.subarray(0, end).toString('utf8').split('\n').slice(1)) {
    const found = /^([0-9a-f]{40}) (\S.*)$/.exec(line)
    // Prerequisites (`-<sha>`) are not believed: the import finds out by itself what is missing.
    if (found?.[1] !== undefined && found[2] !== undefined) refs.set(found[2], found[1])
  }
  return { refs, packOffset: end + 2 }
}
