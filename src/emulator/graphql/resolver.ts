// The form of a resolver: a source, the arguments, and what is known of the query.
import type { Fields } from '../http/fields.ts'
import type { QueryContext } from './context.ts'

export type Resolver<Source> = (source: Source, args: Fields, context: QueryContext) => unknown
export type Table<Source> = Readonly<Record<string, Resolver<Source>>>
