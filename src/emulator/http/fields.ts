// Typed reading of values that the schema has already checked; a mismatch is a bug of the emulator.

export class Fields {
  readonly #values: Readonly<Record<string, unknown>>

  constructor(values: unknown) {
    const usable = typeof values === 'object' && values !== null && !Array.isArray(values)
    this.#values = usable ? (values as Readonly<Record<string, unknown>>) : {}
  }

  has(name: string): boolean {
    return this.#values[name] !== undefined
  }

  raw(name: string): unknown {
    return this.#values[name]
  }

  text(name: string): string {
    const value = this.#values[name]
    if (typeof value === 'string') return value
    if (typeof value === 'number') return String(value)
    throw new Error(`field ${name} is no text`)
  }

  /** `null` when absent or null. */
  maybe(name: string): string | null {
    const value = this.#values[name]
    return value === undefined || value === null ? null : this.text(name)
  }

  number(name: string): number {
    const value = this.#values[name]
    if (typeof value === 'number') return value
    throw new Error(`field ${name} is no number`)
  }

  flag(name: string): boolean {
    return this.#values[name] === true
  }

  /** Absent: an empty list. */
  list(name: string): readonly unknown[] {
    const value = this.#values[name]
    return Array.isArray(value) ? (value as readonly unknown[]) : []
  }

  texts(name: string): readonly string[] {
    return this.list(name).filter((value) => typeof value === 'string')
  }

  object(name: string): Fields {
    return new Fields(this.#values[name])
  }

  entries(): readonly (readonly [string, unknown])[] {
    return Object.entries(this.#values)
  }
}
