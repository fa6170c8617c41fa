// The last pass over rendered Markdown: balances tags, so that no text can end an element of the
// page around it; links issues and people; shows foreign images as links.

/** Where a relative link of a file leads. */
export type Target = { readonly page: string; readonly picture: string }

export type Names = {
  /** Address of an issue or pull request, or `null` when there is none. */
  readonly issue: (number: number) => string | null
  readonly person: (login: string) => string | null
  /** Newlines are line breaks, as in comments; not so in files. */
  readonly breaks: boolean
  readonly inFile?: (link: string) => Target | null
}

const VOID = new Set(['br', 'hr', 'img', 'input'])
/** Every `<` of the text is escaped by now, and so is every `>` in an attribute. */
const TOKEN = /<[^>]*>|[^<]+/g

export function finishHtml(html: string, names: Names): string {
  const open: { readonly name: string; readonly tag: string }[] = []
  const out: string[] = []
  for (const [token] of html.matchAll(TOKEN)) {
    if (!token.startsWith('<')) {
      out.push(textIn(open, token, { names, afterBreak: out.at(-1)?.startsWith('<br') === true }))
      continue
    }
    const name = /^<\/?([a-z0-9]+)/.exec(token)?.[1] ?? ''
    if (token.startsWith('</')) {
      const at = open.findLastIndex((one) => one.name === name)
      if (at >= 0) out.push(...open.splice(at).toReversed().map(closing))
    } else if (VOID.has(name)) {
      out.push(name === 'img' ? picture(token, names) : name === 'input' ? checkbox(token) : token)
    } else {
      open.push({ name, tag: token })
      out.push(name === 'a' ? anchor(token, names) : token)
    }
  }
  return [...out, ...open.toReversed().map(closing)].join('')
}

type Open = readonly { readonly name: string; readonly tag: string }[]

function closing({ name }: { readonly name: string }): string {
  return `</${name}>`
}

function textIn(
  open: Open,
  text: string,
  { names, afterBreak }: { readonly names: Names; readonly afterBreak: boolean },
): string {
  const inner = open.at(-1)
  if (inner?.name === 'code' && inner.tag.includes('"language-diff"')) return colouredDiff(text)
  const around = new Set(open.map((one) => one.name))
  if (around.has('pre') || around.has('code')) return text
  const linked = around.has('a') ? text : withLinks(text, names)
  if (!names.breaks) return linked
  if (around.has('p') || /^h\d$/.test(inner?.name ?? '')) {
    return afterBreak ? linked.replace(/(?!^)\n/g, '<br>\n') : linked.replaceAll('\n', '<br>\n')
  }
  // A tight list's item has no paragraph; newlines next to tags are the renderer's own.
  return inner?.name === 'li' ? linked.replaceAll(/(?<=\S)\n(?=\S)/g, '<br>\n') : linked
}

function withLinks(text: string, names: Names): string {
  return text
    .replaceAll(/(?<![\w&#/])#(\d{1,9})\b/g, (whole, number: string) => {
      const address = names.issue(Number(number))
      return address === null ? whole : `<a class="reference" href="${address}">${whole}</a>`
    })
    .replaceAll(
      /(?<![\w@/`.-])@([a-z\d](?:[a-z\d]|-(?=[a-z\d])){0,38})/gi,
      (whole, login: string) => {
        const address = names.person(login)
        return address === null ? whole : `<a class="mention" href="${address}">${whole}</a>`
      },
    )
}

function colouredDiff(text: string): string {
  return text.replaceAll(/^[+-].*$/gm, (line) => {
    const kind = line.startsWith('+') ? 'added' : 'removed'
    return `<span class="${kind}">${line}</span>`
  })
}

/** One of the repository itself is shown; any other is a link, for nothing is loaded from afar. */
function picture(tag: string, names: Names): string {
  const alt = /\balt="([^"]*)"/.exec(tag)?.[1] ?? ''
  const src = /\bsrc="([^"]*)"/.exec(tag)?.[1] ?? ''
  const own = names.inFile?.(unescaped(src))?.picture
  if (own !== undefined) return `<img src="${escaped(own)}" alt="${alt}">`
  const words = alt === '' ? 'image' : alt
  return src === '' ? words : `<a href="${src}" ${ELSEWHERE}>${words}</a>`
}

const ELSEWHERE = 'rel="nofollow noopener noreferrer"'

function anchor(tag: string, names: Names): string {
  const href = /\bhref="([^"]*)"/.exec(tag)?.[1] ?? ''
  const own = names.inFile?.(unescaped(href))?.page
  if (own !== undefined) return `<a href="${escaped(own)}">`
  return /^[#/](?!\/)/.test(href) ? tag : tag.replace(/(?=>$)/, ` ${ELSEWHERE}`)
}

function unescaped(text: string): string {
  return text
    .replaceAll('&quot;', '"')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
}

export function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('"', '&quot;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
}

function checkbox(tag: string): string {
  const done = tag.includes('checked')
  return `<input type="checkbox" disabled${done ? ' checked' : ''} aria-label="${done ? 'done' : 'to do'}">`
}
