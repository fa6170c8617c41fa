/** Puts exported lines into empty tables of the same form, whatever kind of PostgreSQL they are in. */
import type { Tx } from '../database.ts'
import { sql } from '../drizzle.ts'
import type { TableLine } from './export-rows.ts'

/** One insert at most; a single larger row goes alone. */
const MOST_ROWS = 500
const MOST_CHARACTERS = 1_000_000

type Row = readonly (string | null)[]

/** Returns the number of rows by table. What a fresh table holds from its migration gives way. */
export async function importRows(
  tx: Tx,
  lines: AsyncIterable<string>,
): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>()
  let table: OpenTable | null = null
  for await (const line of lines) {
    if (line.startsWith('[')) {
      if (table === null) throw new Error('a row came before its table')
      await table.add(JSON.parse(line) as Row, line.length)
      counts.set(table.name, (counts.get(table.name) ?? 0) + 1)
      continue
    }
    await table?.end()
    const begun = JSON.parse(line) as TableLine
    counts.set(begun.table, 0)
    table = await openTable(tx, begun)
  }
  await table?.end()
  return counts
}

interface OpenTable {
  readonly name: string
  add(row: Row, size: number): Promise<void>
  end(): Promise<void>
}

async function openTable(tx: Tx, { table, columns, counters }: TableLine): Promise<OpenTable> {
  const types = await typesOf(tx, table)
  const typed = columns.map((column) => {
    const type = types.get(column)
    if (type === undefined) throw new Error(`there is no column ${table}.${column}`)
    return { column, type }
  })
  await tx.execute(sql.raw(`delete from "${table}"`))
  let [rows, characters]: [Row[], number] = [[], 0]

  async function flush(): Promise<void> {
    if (rows.length === 0) return
    const [names, values] = [
      typed.map(({ column }) => `"${column}"`).join(', '),
      typed.map(({ type }, at) => `given.c${at}::${type}`).join(', '),
    ]
    const arrays = typed.map(
      (_, at) => sql`${sql.param(rows.map((row) => row[at] ?? null))}::text[]`,
    )
    const aliases = typed.map((_, at) => `c${at}`).join(', ')
    await tx.execute(
      sql`insert into ${sql.raw(`"${table}" (${names}) select ${values}`)}
        from unnest(${sql.join(arrays, sql`, `)}) as ${sql.raw(`given (${aliases})`)}`,
    )
    ;[rows, characters] = [[], 0]
  }

  return {
    name: table,
    async add(row, size) {
      rows.push(row)
      characters += size
      if (rows.length >= MOST_ROWS || characters >= MOST_CHARACTERS) await flush()
    },
    async end() {
      await flush()
      for (const [column, last] of Object.entries(counters)) {
        if (last === 0) continue
        await tx.execute(
          sql`select setval(pg_get_serial_sequence(format('public.%I', ${table}::text), ${column}), ${last}::bigint)`,
        )
      }
    },
  }
}

async function typesOf(tx: Tx, table: string): Promise<ReadonlyMap<string, string>> {
  const { rows } = await tx.execute(
    sql`select attname as name, format_type(atttypid, atttypmod) as type from pg_attribute
      where attrelid = to_regclass(format('public.%I', ${table}::text)) and attnum > 0 and not attisdropped`,
  )
  return new Map(rows.map((row) => [String(row['name']), String(row['type'])]))
}
