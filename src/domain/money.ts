/** What may be spent, and what models cost: plain numbers that settings give and attempts carry. */

/** `cost` in US dollars; `tokens` for work whose cost nobody knows. */
export interface Budget {
  readonly cost: number
  readonly tokens: number
}

/** `day`: of one repository, over the last 24 hours. */
export interface Budgets {
  readonly task: Budget
  readonly day: Budget
}

/** US dollars for a million tokens. */
export interface Price {
  readonly input: number
  /** Of input that the provider has read before. */
  readonly cached: number
  readonly output: number
}
