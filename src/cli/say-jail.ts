/** What the terminal calls the sandbox. */
import type { JailKind } from '../domain/settings.ts'

export function sayJail(kind: JailKind): string {
  if (kind === 'none')
    return 'none: programs run with your rights, and every status comment says so'
  return kind === 'bwrap' ? 'bubblewrap' : kind
}
