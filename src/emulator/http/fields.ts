// Typed reading of values that the schema has already checked; a mismatch is a bug of the emulator.
// It remembers what was read, so that a field GitHub knows and an operation ignores can be told.

export class Fields {
  readonly #values: Readonly<Record<string, unknown>>
  readonly #read = new Set<string>()

  constructor(values: unknown) {
    const usable = typeof values === 'object' && values !== null && !Array.isArray(values)
    this.#values = usable ? (values as Readonly<Record<string, unknown>>) : {}
  }

  has(name: string): boolean {
    return this.raw(name) !== undefined
  }

  raw(name: string): unknown {
    this.#read.add(name)
    return this.#values[name]
  }

  text(name: string): string {
    const value = this.raw(name)
    if (typeof value === 'string') return value
    if (typeof value === 'number') return String(value)
    throw new Error(`field ${name} is no text`)
  }

  /** `null` when absent or null. */
  maybe(name: string): string | null {
    const value = this.raw(name)
    return value === undefined || value === null ? null : this.text(name)
  }

  number(name: string): number {
    const value = this.raw(name)
    if (typeof value === 'number') return value
    throw new Error(`field ${name} is no number`)
  }

  flag(name: string): boolean {
    return this.raw(name) === true
  }

  /** Absent: an empty list. */
  list(name: string): readonly unknown[] {
    const value = this.raw(name)
    return Array.isArray(value) ? (value as readonly unknown[]) : []
  }

  texts(name: string): readonly string[] {
    return this.list(name).filter((value) => typeof value === 'string')
  }

  object(name: string): Fields {
    return new Fields(this.raw(name))
  }

  entries(): readonly (readonly [string, unknown])[] {
    return Object.entries(this.#values)
  }

  /** Names of values that are there and that nobody asked for. */
  unread(): readonly string[] {
    return Object.keys(this.#values).filter((name) => !this.#read.has(name))
  }
}
