/** What executing an attempt needs of GitHub, from whoever holds the App's key; answered only for an attempt that the asker holds. Methods may throw `WorldFault`. */
import type { AttemptId } from '../domain/ids.ts'

/** An attempt under way, at its epoch. */
export interface Held {
  readonly attempt: AttemptId
  readonly epoch: number
}

export interface Briefing {
  /** Why nobody may start this work any more, in plain words; null: somebody who may has asked for it. */
  readonly refusal: string | null
  /** By people with write access, unedited since the label, oldest first, as a reader sees them. */
  readonly comments: readonly { readonly login: string; readonly body: string }[]
  /** The App's own name and mail address, for commits. */
  readonly author: { readonly name: string; readonly email: string }
}

/** For reading the contents of the attempt's repository and nothing else; good for five minutes at least. */
export interface ReadCredential {
  readonly username: string
  readonly password: string
}

export interface Desk {
  briefing(held: Held): Promise<Briefing>
  credential(held: Held): Promise<ReadCredential>
}

/** Answers travel through the store, where nobody but the runner that asked may read them. */
export interface Envelope {
  /** `context` names the request; an answer to one opens for no other. */
  seal(publicKey: string, text: string, context: string): string
}

/** The other end of an `Envelope`; its private key is in memory only. */
export interface Opener {
  readonly publicKey: string
  /** Throws when it was sealed for another key or another context, or was changed. */
  open(sealed: string, context: string): string
}
