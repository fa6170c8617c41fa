/** Reads the report file, by plain file calls and once the agent's process tree is gone: nobody can change it under our eyes. */
import { constants } from 'node:fs'
import { open, rm, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { Report, REPORT_FILE } from './report-format.ts'

const MAX_BYTES = 1024 * 1024

export type ReportReading =
  | { readonly kind: 'report'; readonly report: Report }
  | { readonly kind: 'none' }
  | { readonly kind: 'unusable'; readonly why: string }

/** Takes away a former attempt's report, so that it cannot speak for this one. */
export const clearReport = (exchange: string): Promise<void> =>
  rm(join(exchange, REPORT_FILE), { force: true, recursive: true })

/** Follows no link, reads no device, and no more than 1 MiB. */
export async function readReport(exchange: string): Promise<ReportReading> {
  // O_NONBLOCK: opening a pipe that nobody writes would wait for ever.
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK
  let file: FileHandle
  try {
    file = await open(join(exchange, REPORT_FILE), flags)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error)
    return code === 'ENOENT' ? { kind: 'none' } : unusable(`it cannot be opened (${code})`)
  }
  try {
    const stat = await file.stat()
    if (!stat.isFile()) return unusable('it is not a regular file')
    if (stat.nlink !== 1 || stat.uid !== process.getuid?.())
      return unusable('it belongs to somebody else')
    if (stat.size > MAX_BYTES) return unusable('it is larger than 1 MiB')
    const buffer = Buffer.alloc(MAX_BYTES)
    const { bytesRead } = await file.read(buffer, 0, MAX_BYTES, 0)
    return check(buffer.toString('utf8', 0, bytesRead))
  } finally {
    await file.close()
  }
}

function check(text: string): ReportReading {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return unusable('it is not JSON')
  }
  const parsed = Report.safeParse(value)
  if (parsed.success) return { kind: 'report', report: parsed.data }
  const issue = parsed.error.issues[0]
  return unusable(`${issue?.path.join('.') || 'it'}: ${issue?.message ?? 'not a report'}`)
}

const unusable = (why: string): ReportReading => ({ kind: 'unusable', why })
