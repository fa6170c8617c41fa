/** Which of the variables of this process hold secrets: they are told by their names, and by having a value that could be one. */
import type { Secrets } from './secrets.ts'

const TELLING =
  /(?:^|_)(?:KEY|TOKEN|SECRET|PASSWORD|PASSWD|PASSPHRASE|CREDENTIALS?|AUTH|PAT)(?:$|_)/i
/** What such a name may also mean: a place where the secret lies, or how it is used. */
const ELSEWHERE = /_(?:PATH|FILE|DIR|SOCK|URL|HOST|PORT|ID|NAME|TYPE|METHOD|MODE|HELPER|TTL)$/i
/** Anything shorter is typed by people in sentences. */
const SHORTEST = 12

export function registerEnvironment(
  secrets: Secrets,
  environment: Readonly<Record<string, string | undefined>>,
): void {
  for (const [name, value = ''] of Object.entries(environment)) {
    if (value.includes('://')) registerPassword(secrets, name, value)
    if (!TELLING.test(name) || ELSEWHERE.test(name) || value.length < SHORTEST) continue
    if (/^[/~]|:\/\//.test(value)) continue
    secrets.register(`the value of ${name}`, value)
  }
}

/** Addresses of databases and proxies hold one. */
function registerPassword(secrets: Secrets, name: string, address: string): void {
  if (!URL.canParse(address)) return
  const { password } = new URL(address)
  if (password.length < SHORTEST) return
  secrets.register(`the password in ${name}`, password)
  secrets.register(`the password in ${name}`, unescaped(password))
}

function unescaped(password: string): string {
  try {
    return decodeURIComponent(password)
  } catch {
    return password
  }
}
