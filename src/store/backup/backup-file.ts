/**
 * The file of a backup: gzip of lines. First a header, then what `exportRows` gives, then a footer with the number of
 * rows and the SHA-256 of all lines before it; a file without its footer is no backup.
 */
import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream, renameSync, rmSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip, createGzip } from 'node:zlib'
import type { Instant } from '../../domain/ids.ts'
import type { BackupMade } from '../../ports/upkeep.ts'
import type { Db } from '../database.ts'
import { syncPath } from '../durable-files.ts'
import { lastApplied } from '../migrate.ts'
import { exportRows } from './export-rows.ts'

export interface Header {
  readonly yardmaster: 'backup'
  /** Of the file itself. */
  readonly format: number
  /** The last migration of the store that it was made of. */
  readonly schema: number
  readonly at: Instant
}

interface Footer {
  readonly rows: number
  readonly sha256: string
}

export const FORMAT = 1

/** The file is no backup that this program can use. The message says why. */
export class BackupUnusable extends Error {
  override name = 'BackupUnusable'
}

/**
 * Writes aside, flushes and renames: whatever happens there is the whole file or none. All is read in one transaction,
 * which the embedded store's other callers wait for: some 75 MB/s, measured on two shared cores.
 */
export async function writeBackup(db: Db, file: string, at: Instant): Promise<BackupMade> {
  const aside = `${file}.part`
  try {
    const rows = await db.transaction(
      async (tx) => {
        const schema = (await lastApplied(tx)) ?? 0
        const header: Header = { yardmaster: 'backup', format: FORMAT, schema, at }
        const body = wrap(header, exportRows(tx))
        await pipeline(
          Readable.from(body.chunks),
          createGzip({ level: 1 }),
          createWriteStream(aside, { mode: 0o600, flush: true }),
        )
        return body.rows()
      },
      { isolationLevel: 'repeatable read', accessMode: 'read only' },
    )
    renameSync(aside, file)
    syncPath(dirname(file))
    return { file, at, bytes: statSync(file).size, rows }
  } catch (error) {
    rmSync(aside, { force: true })
    throw error
  }
}

/** Lines become chunks that are worth compressing. */
function wrap(header: Header, lines: AsyncIterable<string>) {
  const hash = createHash('sha256')
  let rows = 0
  async function* chunks(): AsyncGenerator<Buffer> {
    let text = `${JSON.stringify(header)}\n`
    const take = (): Buffer => {
      const chunk = Buffer.from(text)
      text = ''
      return chunk
    }
    for await (const line of lines) {
      if (line.startsWith('[')) rows += 1
      text += `${line}\n`
      if (text.length < 65_536) continue
      const chunk = take()
      hash.update(chunk)
      yield chunk
    }
    const last = take()
    hash.update(last)
    const footer: Footer = { rows, sha256: hash.digest('hex') }
    yield Buffer.concat([last, Buffer.from(`${JSON.stringify(footer)}\n`)])
  }
  return { chunks: chunks(), rows: () => rows }
}

/** Reads the whole file once and proves that it is what was written. Throws `BackupUnusable`. */
export async function checkBackup(file: string): Promise<Header> {
  const hash = createHash('sha256')
  let [header, footer, rows]: [Header | null, Footer | null, number] = [null, null, 0]
  for await (const line of linesOf(file)) {
    if (footer !== null) throw new BackupUnusable(`${file} goes on after its end.`)
    if (header === null) header = readHeader(file, line)
    if (line.startsWith('{"rows":')) {
      footer = JSON.parse(line) as Footer
      continue
    }
    if (line.startsWith('[')) rows += 1
    hash.update(`${line}\n`)
  }
  if (header === null || footer === null) throw damaged(file, 'it ends too early')
  if (footer.rows !== rows || footer.sha256 !== hash.digest('hex'))
    throw damaged(file, 'its checksum does not match')
  return header
}

/** What `importRows` takes, of a file that has been checked. */
export async function* rowsOfBackup(file: string): AsyncGenerator<string> {
  let first = true
  for await (const line of linesOf(file)) {
    if (!first && !line.startsWith('{"rows":')) yield line
    first = false
  }
}

function readHeader(file: string, line: string): Header {
  const none = new BackupUnusable(`${file} is no backup of Yardmaster.`)
  try {
    const header = JSON.parse(line) as Partial<Header>
    if (header.yardmaster !== 'backup') throw none
    if (header.format === FORMAT) return header as Header
  } catch {
    throw none
  }
  throw new BackupUnusable(
    `${file} was made by a newer version of Yardmaster. Restore it with that version.`,
  )
}

const damaged = (file: string, why: string): BackupUnusable =>
  new BackupUnusable(`${file} is damaged: ${why}. Nothing was changed; use another backup.`)

/** Split at line feeds only: other line breaks are text inside JSON. */
async function* linesOf(file: string): AsyncGenerator<string> {
  const source = createReadStream(file)
  const unzipped = source.pipe(createGunzip())
  source.once('error', (error) => unzipped.destroy(error))
  let rest: Buffer[] = []
  try {
    for await (const chunk of unzipped as AsyncIterable<Buffer>) {
      let from = 0
      for (let at = chunk.indexOf(10); at !== -1; at = chunk.indexOf(10, from)) {
        yield Buffer.concat([...rest, chunk.subarray(from, at)]).toString()
        ;[rest, from] = [[], at + 1]
      }
      if (from < chunk.length) rest.push(chunk.subarray(from))
    }
  } catch (error) {
    throw asDamage(file, error)
  } finally {
    source.destroy()
  }
  if (rest.length > 0) throw damaged(file, 'it ends too early')
}

function asDamage(file: string, error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (code === 'ENOENT') return new BackupUnusable(`There is no file at ${file}.`)
  return code.startsWith('Z_') ? damaged(file, 'it cannot be unpacked') : error
}
