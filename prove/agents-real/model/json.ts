/** Reading JSON of strangers without believing its shape. */

export type Fields = Readonly<Record<string, unknown>>

export const fields = (value: unknown): Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {}

export const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])

export const words = (value: unknown): string => (typeof value === 'string' ? value : '')

/** The text of a message, which is a string or a list of parts; what is no text is shown as JSON. */
export const textOf = (content: unknown): string =>
  typeof content === 'string'
    ? content
    : list(content)
        .map((part) => words(fields(part)['text']) || words(fields(part)['content']))
        .join('\n')
