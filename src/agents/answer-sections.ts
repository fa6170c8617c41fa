/** What people answered, as a prompt tells it after the issue's own words (`render/prompt-answers.ts` writes this form). */

export interface Given {
  /** The question's words, or their end where they were long. */
  readonly asked: string
  readonly text: string
  /** Counted from 1; null: answered in words. */
  readonly choice: number | null
}

const ISSUE_END = /^<\/issue>[ \t]*$/gm
const ANSWER =
  /^<answer to="Q\d+" by="[^"\n]*"(?: choice="(\d)")?>\n<asked>\n([^]*?)\n<\/asked>\n([^]*?)\n<\/answer>$/gm
const GUARDED = /<\\(\s*\/?\s*(?:issue|comment|previous|answer|asked|remark|log|notes)\b)/gi

/** The oldest first. What an issue claims to be an answer is none: only what stands behind its end counts. */
export function givenAnswers(prompt: string): readonly Given[] {
  const text = prompt.replace(/\r\n?/g, '\n')
  const end = [...text.matchAll(ISSUE_END)].at(-1)
  if (end === undefined) return []
  return [...text.slice(end.index).matchAll(ANSWER)].map(([, choice, asked = '', words = '']) => ({
    asked: open(asked),
    text: open(words),
    choice: choice === undefined ? null : Number(choice),
  }))
}

const REMARK = /^<remark by="[^"\n]*"[^>\n]*>\n([^]*?)\n<\/remark>$/gm

/** What reviewers asked for of an open pull request, the oldest first (`render/revision.ts` writes this form). */
export function givenRemarks(prompt: string): readonly string[] {
  const text = prompt.replace(/\r\n?/g, '\n')
  const end = [...text.matchAll(ISSUE_END)].at(-1)
  if (end === undefined) return []
  return [...text.slice(end.index).matchAll(REMARK)].map(([, words = '']) => open(words))
}

const open = (text: string): string => text.replace(GUARDED, '<$1')
