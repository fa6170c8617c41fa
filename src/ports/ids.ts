export interface Ids {
  /** A fresh unguessable identifier, safe as a file name. */
  unique(): string
}
