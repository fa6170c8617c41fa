/**
 * A diff's hunks against a file's text. Every context and every removed line must be there exactly; a hunk may have
 * moved (it is looked for above and below the line it names), and line breaks are taken as the file has them. That is
 * all the fuzz there is: a change that almost fits is somebody else's change.
 */
import { applyPatch, reversePatch, type StructuredPatch, type StructuredPatchHunk } from 'diff'

export type Fit =
  | { readonly kind: 'fits'; readonly text: string }
  /** Lines that say what was expected and what was found. */
  | { readonly kind: 'misfit'; readonly words: string }

/** Comparisons of lines for one file: a second of work. A hostile pair of file and hunk could ask for billions. */
const COMPARISONS = 20_000_000
const SHOWN_LINES = 8

export function fitHunks(text: string, hunks: readonly StructuredPatchHunk[]): Fit {
  let left = COMPARISONS
  const tryApply = (wanted: readonly StructuredPatchHunk[]): string | false =>
    applyPatch(text, asPatch(wanted), {
      compareLine: (_, line, __, expected) => {
        if (--left < 0) throw new TooMuchWork()
        return line === expected
      },
    })
  try {
    const result = tryApply(hunks)
    if (result !== false) return { kind: 'fits', text: result }
    const failing = hunks.findIndex((_, index) => tryApply(hunks.slice(0, index + 1)) === false)
    return { kind: 'misfit', words: explain(text, hunks, Math.max(0, failing)) }
  } catch (error) {
    if (!(error instanceof TooMuchWork)) throw error
    return { kind: 'misfit', words: 'its hunks take too long to find in the file' }
  }
}

class TooMuchWork extends Error {}

const asPatch = (hunks: readonly StructuredPatchHunk[]): StructuredPatch => ({
  oldFileName: 'a',
  newFileName: 'b',
  oldHeader: undefined,
  newHeader: undefined,
  hunks: [...hunks],
})

function explain(text: string, hunks: readonly StructuredPatchHunk[], index: number): string {
  const hunk = hunks[index]
  if (!hunk) return 'it has no hunk that fits'
  const { oldStart, oldLines, newStart, newLines } = hunk
  const head = `hunk ${index + 1} of ${hunks.length} (@@ -${oldStart},${oldLines} +${newStart},${newLines} @@) does not fit`
  if (applyPatch(text, reversePatch(asPatch(hunks))) !== false)
    return `${head}: the file looks as if the change were made already`
  const expected = hunk.lines.filter((line) => !/^[+\\]/.test(line)).map((line) => line.slice(1))
  const found = text.split('\n').slice(oldStart - 1, oldStart - 1 + expected.length)
  const differs = expected.findIndex((line, at) => line !== found[at])
  if (differs < 0) return `${head}: the end of the file differs (with or without a last line break)`
  const from = Math.max(0, differs - 1)
  return [
    `${head}.`,
    `Expected from line ${oldStart + from}:`,
    ...quote(expected.slice(from)),
    'Found there:',
    ...(found.length > from ? quote(found.slice(from)) : ['    (the end of the file)']),
  ].join('\n')
}

function quote(lines: readonly string[]): readonly string[] {
  const shown = lines.slice(0, SHOWN_LINES).map((line) => `    ${line.slice(0, 200)}`)
  return lines.length > SHOWN_LINES ? [...shown, '    …'] : shown
}
