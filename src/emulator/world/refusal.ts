// How the emulator says no: one error type that carries GitHub's status and body, so that verbs
// throw what a REST client would have been told.

export type JsonObject = { readonly [key: string]: unknown }

const DOCS = 'https://docs.github.com/rest'

/** An answer of 4xx or 5xx; `status` and `body` are what a REST client reads. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly status: number
  readonly body: JsonObject
  readonly headers: Readonly<Record<string, string>>

  constructor(status: number, body: JsonObject, headers: Readonly<Record<string, string>> = {}) {
    super(`${status}: ${String(body['message'])}`)
    this.status = status
    this.body = { documentation_url: DOCS, status: String(status), ...body }
    this.headers = headers
  }
}

export function notFound(): Refusal {
  return new Refusal(404, { message: 'Not Found' })
}

export function forbidden(message: string): Refusal {
  return new Refusal(403, { message })
}

export function conflict(message: string): Refusal {
  return new Refusal(409, { message })
}

type Problem = {
  readonly resource: string
  readonly field?: string
  readonly code:
    | 'missing'
    | 'missing_field'
    | 'invalid'
    | 'already_exists'
    | 'custom'
    | 'unprocessable'
  readonly message?: string
  readonly value?: string
}

/** GitHub's 422 with one structured error. */
export function invalid(problem: Problem): Refusal {
  return new Refusal(422, { message: 'Validation Failed', errors: [problem] })
}

/** GitHub's 422 with a sentence only. */
export function unprocessable(message: string): Refusal {
  return new Refusal(422, { message })
}
