/**
 * "Fixes #12" closes issue 12 when it is merged, wherever it stands: a squash merge copies titles and bodies into a
 * commit message, where not even code protects. Only our own template may say it, and only for the task's own issue.
 */
const CLOSING =
  /\b(close[sd]?|fix(?:e[sd])?|resolve[sd]?)\b(?=[\s:*_~"'`\\[\]()<>]*(?:#\d|GH-\d|[\w.-]{1,100}\/[\w.-]{1,100}#\d)|[\s:*_~"'`\\[\]()<>]+(?:https?:\/\/\S{1,300}?\/(?:issues|pull)\/\d))/gi

/** "Fixes issue #12" reads the same, and closes nothing. Our word must not become the name of an owner with what follows it. */
export const withoutClosing = (text: string): string =>
  text.replace(CLOSING, (keyword, _all, at: number) =>
    /^\\?[\w.-]/.test(text.slice(at + keyword.length, at + keyword.length + 2))
      ? `${keyword} issue `
      : `${keyword} issue`,
  )
