/** The words of a fault: what GitHub said, and where a person can mend it, what to do. */
import type { FaultKind } from '../ports/fault.ts'
import type { Failure } from './failure.ts'

/** One or two sentences in plain English. */
export function explain(kind: FaultKind, failure: Failure, operation: string): string {
  const said = failure.status === null ? failure.message : `${failure.status}: ${failure.message}`
  const advice = adviceFor(kind, failure)
  return `${lead(kind, failure)} for ${operation} (${said}).${advice === null ? '' : ` ${advice}`}`
}

function lead(kind: FaultKind, failure: Failure): string {
  switch (kind) {
    case 'transient':
      return failure.status === null ? 'GitHub gave no answer' : 'GitHub had an error of its own'
    case 'rate-limited':
      return 'GitHub asks us to wait'
    case 'unauthorised':
      return "GitHub does not accept the App's credentials"
    case 'forbidden':
      return 'GitHub does not allow us'
    case 'not-found':
      return 'GitHub finds nothing there, or shows us nothing,'
    case 'gone':
      return 'What was there is gone or has moved away,'
    case 'conflict':
      return 'Something changed at the same moment,'
    case 'invalid':
      return failure.held === true ? 'A secret was held back' : 'GitHub understood and refused'
    case 'local':
      return 'This machine failed'
  }
}

function adviceFor(kind: FaultKind, failure: Failure): string | null {
  if (kind === 'unauthorised')
    return "Please check that the App's id and private key belong together and that this machine's clock is right; `yardmaster doctor` tests both."
  if (kind !== 'forbidden') return null
  if (/suspended/i.test(failure.message))
    return "The App's installation is suspended: its owner can unsuspend it in the installation's settings."
  if (/\blocked\b/i.test(failure.message))
    return 'The conversation is locked: unlock it to let Yardmaster write there.'
  if (/archived/i.test(failure.message))
    return 'The repository is archived: unarchive it to let Yardmaster work there.'
  const needed = neededPermissions(failure)
  return needed === null
    ? "Please compare the App's permissions with app.yml, and look for a rule of the repository that forbids this."
    : `The App needs the permission ${needed}: grant it in the App's settings under "Permissions & events", then accept the change in the installation.`
}

/** GitHub names them in a header: `,` joins what is needed together, `;` separates alternatives. */
function neededPermissions(failure: Failure): string | null {
  const header = failure.headers['x-accepted-github-permissions']
  if (header === undefined || !/^[a-z_=,; ]+$/.test(header)) return null
  return header
    .split(';')
    .map((set) => set.trim().split(/ *, */).join(' and ').replaceAll('=', ': '))
    .join(', or ')
}
