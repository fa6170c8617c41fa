/**
 * "Fixes #12" closes issue 12 when it is merged, wherever it stands: a squash merge copies titles and bodies into a
 * commit message, where not even code protects. Only our own template may say it, and only for the task's own issue.
 */
const CLOSING =
  /\b(close[sd]?|fix(?:e[sd])?|resolve[sd]?)\b(?=[\s:*_~"'`\\[\]()<>]*(?:#\d|GH-\d)|[\s:*_~"'`\\[\]()<>]+(?:[\w.-]{1,100}\/[\w.-]{1,100}#\d|https?:\/\/\S{1,300}?\/(?:issues|pull)\/\d))/gi

/** "Fixes issue #12" reads the same, and closes nothing. */
export const withoutClosing = (text: string): string => text.replace(CLOSING, '$1 issue')
