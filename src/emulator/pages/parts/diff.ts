// The changes of files, line by line with both numbers, as unified hunks.
import { html } from 'hono/html'
import { patchLines } from '../../git/diff-lines.ts'
import type { FileDifference } from '../../git/differences.ts'
import type { Repository } from '../../world/issue.ts'
import type { Side } from '../../world/pull.ts'
import { addressOf, encodePath, type Html } from '../visit.ts'

/** More than a person reads on a page, and what a browser lays out in an instant. */
const MOST_LINES_OF_FILE = 1_500
const MOST_LINES = 6_000

/** What stands beside and under lines, where one may talk about them. */
export type LineExtras = {
  /** Where a line's number leads to, if anywhere. */
  readonly link: (path: string, side: Side, line: number) => string | null
  readonly under: (path: string, side: Side, line: number) => readonly Html[]
  /** About the file as a whole. */
  readonly above: (path: string) => readonly Html[]
}

export function diffOf(
  files: readonly FileDifference[],
  given: { readonly repo: Repository; readonly head: string; readonly extras?: LineExtras },
): Html {
  let left = MOST_LINES
  const shown = files.map((file, at) => {
    const lines = file.patch === null ? [] : file.patch.split('\n')
    const fits = lines.length <= Math.min(MOST_LINES_OF_FILE, left)
    if (fits) left -= lines.length
    return fileBox(file, { ...given, at, lines: fits ? lines : null })
  })
  return html`<div class="diffs">${shown}</div>`
}

/** `2 files changed, +8 −2`. */
export function sizeOf(files: readonly Pick<FileDifference, 'additions' | 'deletions'>[]): Html {
  const added = files.reduce((sum, file) => sum + file.additions, 0)
  const removed = files.reduce((sum, file) => sum + file.deletions, 0)
  return html`<span class="size"
    ><span class="added">+${added}</span> <span class="removed">−${removed}</span></span
  >`
}

type Place = {
  readonly repo: Repository
  readonly head: string
  readonly at: number
  /** `null`: too many to show. */
  readonly lines: readonly string[] | null
  readonly extras?: LineExtras
}

function fileBox(file: FileDifference, { repo, head, at, lines, extras }: Place): Html {
  const address = `${addressOf(repo)}/blob/${head}/${encodePath(file.filename)}`
  const name = file.previous === null ? file.filename : `${file.previous} → ${file.filename}`
  return html`<details class="file" id="diff-${at + 1}" open>
    <summary>
      <span class="path">${name}</span>
      <span class="badge">${file.status}</span>
      ${sizeOf([file])}
    </summary>
    ${
      file.status === 'removed'
        ? ''
        : html`<p class="file-link"><a href="${address}">View file</a></p>`
    }
    ${extras?.above(file.filename) ?? ''}
    ${
      lines === null
        ? html`<p class="empty">Too many changed lines to show here.</p>`
        : file.patch === null
          ? html`<p class="empty">
              ${file.previous === null ? 'A binary or empty file.' : 'Renamed without a change.'}
            </p>`
          : table(name, lines, about(file.filename, extras))
    }
  </details>`
}

type About = {
  readonly number: (side: Side, line: number) => Html | number
  readonly under: (side: Side, line: number) => readonly Html[]
}

function about(path: string, extras: LineExtras | undefined): About {
  return {
    number: (side, line) => {
      const address = extras?.link(path, side, line) ?? null
      const words = `Comment on line ${line}${side === 'LEFT' ? ' before the change' : ''}`
      return address === null ? line : html`<a href="${address}" aria-label="${words}">${line}</a>`
    },
    under: (side, line) => extras?.under(path, side, line) ?? [],
  }
}

function table(name: string, lines: readonly string[], extras: About): Html {
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Changes of ${name}">
    <table class="diff">
      <thead class="unseen">
        <tr>
          <th scope="col">Old line</th>
          <th scope="col">New line</th>
          <th scope="col">Text</th>
        </tr>
      </thead>
      <tbody>
        ${rows(lines, extras)}
      </tbody>
    </table>
  </div>`
}

function rows(lines: readonly string[], extras: About): readonly Html[] {
  return patchLines(lines.join('\n')).flatMap(({ kind, left, right, text }): readonly Html[] => {
    if (kind === 'hunk' || kind === 'note') {
      return [
        html`<tr class="hunk">
          <td></td>
          <td></td>
          <td>${kind === 'hunk' ? text : 'No newline at the end of the file'}</td>
        </tr>`,
      ]
    }
    const before = left === null ? '' : extras.number('LEFT', left)
    const after = right === null ? '' : extras.number('RIGHT', right)
    const sign = kind === 'removed' ? '−' : text.slice(0, 1)
    const shown = { kind: kind === 'context' ? '' : kind, sign, before, after, text: text.slice(1) }
    const under = [
      ...(left === null ? [] : extras.under('LEFT', left)),
      ...(right === null ? [] : extras.under('RIGHT', right)),
    ]
    const talk =
      under.length === 0
        ? []
        : [
            html`<tr class="talk">
              <td colspan="3">${under}</td>
            </tr>`,
          ]
    return [row(shown), ...talk]
  })
}

/** Without white space between the cells: it is most of what a long diff would weigh. */
function row(given: {
  readonly kind: string
  readonly sign: string
  readonly before: Html | number | string
  readonly after: Html | number | string
  readonly text: string
}): Html {
  const { after, before, kind, sign, text } = given
  // oxfmt-ignore
  return html`<tr class="${kind}"><td class="number">${before}</td><td class="number">${after}</td><td class="code"><span class="sign">${sign}</span>${text}</td></tr>`
}
