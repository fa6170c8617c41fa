/**
 * The lines of a comment's page as a browser shows them, read off the HTML, so that the parser's own tree is not asked:
 * those of top-level paragraphs that begin outside any inline element.
 */
import { micromark } from 'micromark'
import { gfm, gfmHtml } from 'micromark-extension-gfm'

export interface PageLine {
  readonly text: string
  /** Nothing but letters. */
  readonly plain: boolean
}

/** Empty elements. */
const VOID = new Set(['br', 'hr', 'img', 'input'])

/** In GitHub's comments each line end in a paragraph breaks the line. */
export function pageLines(body: string): readonly PageLine[] {
  const html = micromark(body, { extensions: [gfm()], htmlExtensions: [gfmHtml()] })
  const lines: PageLine[] = []
  const open: string[] = []
  let line = { text: '', plain: true, counts: false }
  const begin = (): void => {
    line = { text: '', plain: true, counts: open.join() === 'p' }
  }
  const end = (): void => {
    if (line.counts) lines.push({ text: line.text.trim(), plain: line.plain })
  }
  for (const [token] of html.matchAll(/<[^>]*>|[^<\n]+|\n/g)) {
    const [, close, name] = /^<(\/?)(\w+)/.exec(token) ?? []
    if (token === '\n') {
      end()
      begin()
    } else if (name === undefined) line.text += decode(token)
    else {
      if (name === 'p' && close === '/') end()
      if (close === '/') open.splice(open.lastIndexOf(name))
      else if (!VOID.has(name)) open.push(name)
      if (name === 'p') begin()
      else if (name !== 'br') line.plain = false
    }
  }
  return lines
}

/** Whether raw HTML stands in it. */
export const hasHtml = (body: string): boolean => {
  const render = (allowDangerousHtml: boolean): string =>
    micromark(body, { allowDangerousHtml, extensions: [gfm()], htmlExtensions: [gfmHtml()] })
  return render(true) !== render(false)
}

const decode = (text: string): string =>
  text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&')
