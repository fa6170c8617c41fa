/** Structured log lines: one object and one sentence. pino's interface, narrowed to what rooms use. */
export interface Log {
  debug(fields: object, message: string): void
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}
