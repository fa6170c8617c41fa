// What becomes of raw HTML in Markdown: comments vanish, a few harmless tags stay without their
// attributes, layout tags of README files are dropped, and everything else is shown as text.
import type { gfmHtml } from 'micromark-extension-gfm'

type HtmlExtension = ReturnType<typeof gfmHtml>

const KEPT = new Set('details summary sub sup kbd br b i em strong code del ins'.split(' '))
const DROPPED = new Set('p div span center a img picture source h1 h2 h3 h4 h5 h6'.split(' '))
/** A comment that nothing ends hides the rest of its block, as it does on GitHub. */
const PIECE = /<!--[^]*?(?:-->|$)|<(\/?)([a-z][a-z0-9]*)((?:\s[^<>]*)?)>/gi

/** Replaces micromark's own way with HTML, which is to escape all of it. */
export function allowedHtml(): HtmlExtension {
  return {
    enter: {
      htmlFlow() {
        this.lineEndingIfNeeded()
        this.buffer()
      },
      htmlText() {
        this.buffer()
      },
    },
    exit: {
      htmlFlow() {
        write(this, this.resume())
      },
      htmlFlowData(token) {
        this.raw(this.sliceSerialize(token))
      },
      htmlText() {
        write(this, this.resume())
      },
      htmlTextData(token) {
        this.raw(this.sliceSerialize(token))
      },
    },
  }
}

type Output = {
  /** Drops what it is given inside an image's text, where no tag may be. */
  readonly tag: (text: string) => void
  readonly raw: (text: string) => void
  readonly encode: (text: string) => string
}

function write(output: Output, source: string): void {
  let from = 0
  for (const match of source.matchAll(PIECE)) {
    output.raw(output.encode(source.slice(from, match.index)))
    from = match.index + match[0].length
    const [whole, slash = '', name, attributes = ''] = match
    // A comment has no name.
    if (name === undefined) continue
    const tag = name.toLowerCase()
    if (KEPT.has(tag)) output.tag(`<${slash}${tag}${openDetails(tag, slash, attributes)}>`)
    else if (!DROPPED.has(tag)) output.raw(output.encode(whole))
  }
  output.raw(output.encode(source.slice(from)))
}

function openDetails(tag: string, slash: string, attributes: string): string {
  return tag === 'details' && slash === '' && /^\s+open\b/i.test(attributes) ? ' open' : ''
}
