/** Takes credentials out of text that leaves this folder. Nothing here ever logs what it took out. */

// Since 2026 installation tokens look like `ghs_<app id>_<JWT>`, about 520 characters with dots and dashes.
const SECRETS: readonly RegExp[] = [
  /gh[a-z]_[A-Za-z0-9._-]{36,}/g,
  /github_pat_[A-Za-z0-9_]{22,}/g,
  /eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+/g,
  /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(-----END [A-Z ]*PRIVATE KEY-----|$)/g,
]

/** The text with GitHub tokens, App JWTs and private keys replaced by `[redacted]`. */
export const redact = (text: string): string =>
  SECRETS.reduce((cleaned, secret) => cleaned.replace(secret, '[redacted]'), text)
