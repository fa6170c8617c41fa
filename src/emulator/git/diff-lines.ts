// The lines of one file's patch with their numbers on both sides, and where a line went from one
// version of the file to the next.

export type PatchLine = {
  readonly kind: 'hunk' | 'context' | 'added' | 'removed' | 'note'
  /** Number on the old and on the new side; `null` where the line is not on that side. */
  readonly left: number | null
  readonly right: number | null
  /** Lines below the first hunk header: GitHub's old way to name a place. */
  readonly position: number
  readonly text: string
}

export function patchLines(patch: string): readonly PatchLine[] {
  let left = 0
  let right = 0
  return patch.split('\n').map((text, position): PatchLine => {
    const hunk = /^@@ -(\d+)(?:,\d+)? \+(\d+)/.exec(text)
    if (hunk !== null) {
      left = Number(hunk[1])
      right = Number(hunk[2])
      return { kind: 'hunk', left: null, right: null, position, text }
    }
    if (text.startsWith('+')) return { kind: 'added', left: null, right: right++, position, text }
    if (text.startsWith('-')) return { kind: 'removed', left: left++, right: null, position, text }
    if (text.startsWith('\\')) return { kind: 'note', left: null, right: null, position, text }
    return { kind: 'context', left: left++, right: right++, position, text }
  })
}

/** The hunk's header and its lines down to this one. */
export function hunkDownTo(lines: readonly PatchLine[], line: PatchLine): string {
  const end = lines.indexOf(line)
  const start = lines.slice(0, end + 1).findLastIndex(({ kind }) => kind === 'hunk')
  return lines
    .slice(start, end + 1)
    .map(({ text }) => text)
    .join('\n')
}

/**
 * The number that line `line` of the old version has in the new one, `null` when the patch between
 * the two (`null`: no difference) changes it.
 */
export function movedLine(patch: string | null, line: number): number | null {
  if (patch === null) return line
  let shift = 0
  for (const one of patchLines(patch)) {
    if (one.left === line) return one.kind === 'context' ? one.right : null
    if (one.left !== null && one.left > line) break
    if (one.kind === 'added') shift += 1
    if (one.kind === 'removed') shift -= 1
    // A hunk that starts below the line: whatever it changes does not move the line.
    if (one.kind === 'hunk' && startOf(one.text) > line) break
  }
  return line + shift
}

/** First old line of a hunk; a hunk that only adds (`-n,0`) stands below line n. */
function startOf(header: string): number {
  const [, start = '0', count = '1'] = /^@@ -(\d+)(?:,(\d+))?/.exec(header) ?? []
  return count === '0' ? Number(start) + 1 : Number(start)
}
