/**
 * All rows of all tables as lines of JSON, each value in PostgreSQL's own text: nothing is interpreted, so json stays
 * letter by letter what it was. The order is that of the keys, so equal contents give equal lines.
 */
import { setImmediate as otherWork } from 'node:timers/promises'
import type { Tx } from '../database.ts'
import { sql } from '../drizzle.ts'

/** Begins each table; the lines after it are its rows, as arrays of strings and nulls in the order of the columns. */
export interface TableLine {
  readonly table: string
  readonly columns: readonly string[]
  /** The last number that each of its counters gave out, by column. */
  readonly counters: Readonly<Record<string, number>>
}

/** What one question to the database should bring, in characters; some 15 ms of the embedded one. */
const BATCH = 1_000_000
const MOST_ROWS = 1000

/** Call it in a transaction that sees one moment. Its settings last until the transaction ends. */
export async function* exportRows(tx: Tx): AsyncGenerator<string> {
  // So that times and bytes look alike whatever the server's own settings.
  for (const setting of ['timezone = UTC', 'datestyle = ISO', 'bytea_output = hex'])
    await tx.execute(sql.raw(`set local ${setting}`))
  for (const table of await tablesOf(tx)) {
    const columns = await columnsOf(tx, table)
    const counters = await countersOf(tx, table, columns)
    yield JSON.stringify({ table, columns, counters } satisfies TableLine)
    yield* rowsOf(tx, table, columns)
  }
}

async function* rowsOf(tx: Tx, table: string, columns: readonly string[]) {
  const values = columns.map((column) => `"${column}"::text`).join(', ')
  const order = (await keyOf(tx, table)).map((column) => `"${column}"`).join(', ')
  await tx.execute(
    sql.raw(
      `declare exported no scroll cursor for select json_build_array(${values})::text as line from "${table}" order by ${order}`,
    ),
  )
  for (let wanted = 1; ;) {
    const { rows } = await tx.execute(sql.raw(`fetch ${wanted} from exported`))
    if (rows.length === 0) break
    let size = 0
    for (const row of rows) {
      const line = String(row['line'])
      size += line.length
      yield line
    }
    // Rows differ from tens of bytes to megabytes; each fetch learns from the one before.
    wanted = Math.min(MOST_ROWS, wanted * 4, Math.max(1, Math.floor((BATCH * rows.length) / size)))
    // The embedded database answers without the event loop: timers and sockets get their turn here.
    await otherWork()
  }
  await tx.execute(sql.raw('close exported'))
}

/** Our own tables; those of the job queue and of the migrations live in schemas of their own. */
export async function tablesOf(tx: Tx): Promise<readonly string[]> {
  const { rows } = await tx.execute(
    sql`select tablename as name from pg_tables where schemaname = 'public' order by 1`,
  )
  return rows.map((row) => String(row['name']))
}

async function columnsOf(tx: Tx, table: string): Promise<readonly string[]> {
  const { rows } = await tx.execute(
    sql`select column_name as name from information_schema.columns
      where table_schema = 'public' and table_name = ${table} order by ordinal_position`,
  )
  return rows.map((row) => String(row['name']))
}

async function keyOf(tx: Tx, table: string): Promise<readonly string[]> {
  const { rows } = await tx.execute(
    sql`select attribute.attname as name from pg_index
      join unnest(pg_index.indkey::int[]) with ordinality as part (number, place) on true
      join pg_attribute as attribute
        on attribute.attrelid = pg_index.indrelid and attribute.attnum = part.number
      where pg_index.indrelid = format('public.%I', ${table}::text)::regclass and pg_index.indisprimary
      order by part.place`,
  )
  if (rows.length === 0) throw new Error(`the table ${table} has no primary key`)
  return rows.map((row) => String(row['name']))
}

async function countersOf(
  tx: Tx,
  table: string,
  columns: readonly string[],
): Promise<Readonly<Record<string, number>>> {
  const counters: Record<string, number> = {}
  for (const column of columns) {
    const { rows } = await tx.execute(
      sql`select pg_get_serial_sequence(format('public.%I', ${table}::text), ${column}) as name`,
    )
    const name = rows[0]?.['name']
    if (typeof name !== 'string') continue
    const last = await tx.execute(
      sql.raw(`select case when is_called then last_value else 0 end as last from ${name}`),
    )
    counters[column] = Number(last.rows[0]?.['last'])
  }
  return counters
}
