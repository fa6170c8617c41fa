// The changes of files, line by line with both numbers, as unified hunks.
import { html } from 'hono/html'
import type { FileDifference } from '../../git/differences.ts'
import type { Repository } from '../../world/issue.ts'
import { addressOf, encodePath, type Html } from '../visit.ts'

/** More than a person reads on a page, and what a browser lays out in an instant. */
const MOST_LINES_OF_FILE = 1_500
const MOST_LINES = 6_000

export function diffOf(
  files: readonly FileDifference[],
  given: { readonly repo: Repository; readonly head: string },
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
}

function fileBox(file: FileDifference, { repo, head, at, lines }: Place): Html {
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
    ${
      lines === null
        ? html`<p class="empty">Too many changed lines to show here.</p>`
        : file.patch === null
          ? html`<p class="empty">
              ${file.previous === null ? 'A binary or empty file.' : 'Renamed without a change.'}
            </p>`
          : table(name, lines)
    }
  </details>`
}

function table(name: string, lines: readonly string[]): Html {
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
        ${rows(lines)}
      </tbody>
    </table>
  </div>`
}

function rows(lines: readonly string[]): readonly Html[] {
  let before = 0
  let after = 0
  return lines.map((line) => {
    const hunk = /^@@ -(\d+)(?:,\d+)? \+(\d+)/.exec(line)
    if (hunk !== null) {
      before = Number(hunk[1])
      after = Number(hunk[2])
      return html`<tr class="hunk">
        <td></td>
        <td></td>
        <td>${line}</td>
      </tr>`
    }
    const text = line.slice(1)
    if (line.startsWith('+')) return row({ kind: 'added', sign: '+', after: after++, text })
    if (line.startsWith('-')) return row({ kind: 'removed', sign: '−', before: before++, text })
    if (line.startsWith('\\')) {
      return html`<tr class="hunk">
        <td></td>
        <td></td>
        <td>No newline at the end of the file</td>
      </tr>`
    }
    return row({ kind: '', sign: ' ', before: before++, after: after++, text })
  })
}

/** Without white space between the cells: it is most of what a long diff would weigh. */
function row(given: {
  readonly kind: string
  readonly sign: string
  readonly before?: number
  readonly after?: number
  readonly text: string
}): Html {
  const { after = '', before = '', kind, sign, text } = given
  // oxfmt-ignore
  return html`<tr class="${kind}"><td class="number">${before}</td><td class="number">${after}</td><td class="code"><span class="sign">${sign}</span>${text}</td></tr>`
}
