/** The column types that the tables share, each mapping one of our own types to PostgreSQL and back without loss. */
import { instant as toInstant } from '../domain/ids.ts'
import type { Instant } from '../domain/ids.ts'
import { customType } from './drizzle.ts'

/** A moment of our own clock; milliseconds survive exactly. */
export const instant = customType<{ data: Instant; driverData: string }>({
  dataType: () => 'timestamp (3) with time zone',
  toDriver: (value) => new Date(value).toISOString(),
  fromDriver: (value) => toInstant(new Date(value).getTime()),
})

/** Text that may come from outside: PostgreSQL cannot hold NUL, so it becomes the replacement character. */
export const words = customType<{ data: string; driverData: string }>({
  dataType: () => 'text',
  toDriver: (value) => value.replaceAll('\0', '\uFFFD'),
})

/**
 * A whole value as JSON. The type is `json`, not `jsonb`: nothing inside is queried, it is kept
 * letter by letter (hashes over it hold), and jsonb refuses NUL and half a surrogate pair, so one
 * clipped emoji in a program's output would have made its fact impossible to store.
 *
 * Documents outlive the program that wrote them. `older` gives the fields that came after the first
 * release what they are in an older document, or brings it to today's form; test/store/upgrade reads the
 * rows of each release.
 */
export const document = <T>(name: string, older?: Partial<T> | ((read: T) => T)) =>
  customType<{ data: T; driverData: unknown }>({
    dataType: () => 'json',
    toDriver: (value) => JSON.stringify(value),
    fromDriver: (value) => {
      const read = (typeof value === 'string' ? JSON.parse(value) : value) as T
      if (older === undefined || read === null) return read
      return typeof older === 'function' ? older(read) : { ...older, ...read }
    },
  })(name)

/** Bytes as they are. */
export const bytes = customType<{ data: Uint8Array; driverData: Uint8Array }>({
  dataType: () => 'bytea',
})
