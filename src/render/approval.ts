/** The check `yardmaster/approval`: whether somebody other than the one who asked for the work approves this very commit. */
import { shortSha } from '../domain/ids.ts'
import type { Sha } from '../domain/ids.ts'
import { code } from './inline.ts'

export interface ApprovalWords {
  readonly status: 'in_progress' | 'completed'
  readonly conclusion: 'success' | null
  /** Plain text. */
  readonly title: string
  /** Markdown. */
  readonly summary: string
}

/** `by` null: nobody yet whose yes counts. */
export function approvalWords(head: Sha, asked: string, by: string | null): ApprovalWords {
  const rule = `In this repository the approval of whoever asked for the work (${code(asked)}) does not count.`
  return by === null
    ? {
        status: 'in_progress',
        conclusion: null,
        title: `Waits for somebody other than ${asked}`,
        summary: `${rule} It takes an approving review of ${shortSha(head)} by another person with write access.`,
      }
    : {
        status: 'completed',
        conclusion: 'success',
        title: `Approved by ${by}`,
        summary: `${rule} ${code(by)}, who has write access, approved ${shortSha(head)}.`,
      }
}
