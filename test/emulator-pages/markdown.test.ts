// Markdown of strangers becomes HTML that shows and does nothing else.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { renderMarkdown } from '../../src/emulator/pages/markdown/render-markdown.ts'
import { createUser } from '../../src/emulator/change/accounts.ts'
import { addIssue } from '../../src/emulator/change/issues.ts'
import type { Repository } from '../../src/emulator/world/issue.ts'
import { World } from '../../src/emulator/world/world.ts'

const { repo, world } = smallWorld()

function rendered(text: string, file?: { readonly ref: string; readonly path: string }): string {
  return String(renderMarkdown({ world, repo, text, ...(file === undefined ? {} : { file }) }))
}

describe('what our comments use', () => {
  test('folds, checked boxes, tables and code are shown', () => {
    const html = rendered(
      '<details><summary>Output of <code>npm test</code></summary>\n\n```\n<b>\n```\n\n</details>\n\n- [x] done\n- [ ] left\n\n|a|b|\n|-|-|\n|1|2|',
    )
    expect(html).toContain('<details><summary>Output of <code>npm test</code></summary>')
    expect(html).toContain('<pre><code>&lt;b&gt;\n</code></pre>')
    expect(html).toMatch(/<\/details>/)
    expect(html).toContain('<input type="checkbox" disabled checked aria-label="done">')
    expect(html).toContain('<input type="checkbox" disabled aria-label="to do">')
    expect(html).toContain('<td>2</td>')
  })

  test('hidden comments stay hidden, over many lines too', () => {
    expect(rendered('a <!-- one --> b\n\n<!-- two\n\nlines -->\n\nc')).not.toMatch(
      /one|two|lines|!--/,
    )
  })

  test('issues and people are linked where they exist, and not inside code', () => {
    const html = rendered('see #1, #2, #99 and @ana, not `#1 @ana` nor x#1 nor a@ana')
    expect(html).toContain('<a class="reference" href="/ana/shop/issues/1">#1</a>')
    expect(html).toContain('<a class="mention" href="/ana">@ana</a>')
    expect(html).toContain('<code>#1 @ana</code>')
    expect(html.match(/class="reference"/g)).toHaveLength(1)
    expect(html.match(/class="mention"/g)).toHaveLength(1)
  })

  test('a new line in a comment is a new line; in a file it is not', () => {
    expect(rendered('a\nb')).toBe('<p>a<br>\nb</p>')
    expect(rendered('a  \nb')).toBe('<p>a<br />\nb</p>')
    expect(rendered('- a\n  b\n- c')).toContain('<li>a<br>\nb</li>\n<li>c</li>')
    expect(rendered('a\nb', { ref: 'main', path: 'README.md' })).toBe('<p>a\nb</p>')
  })

  test('a README’s layout tags vanish and its relative links lead to files', () => {
    const file = { ref: 'main', path: 'docs/README.md' }
    const html = rendered(
      '<p align="center"><img src="https://evil.test/x.png"></p>\n\n[a](../LICENSE#x) ![shot](shot.png) [b](https://b.test/)',
      file,
    )
    expect(html).not.toContain('evil.test')
    expect(html).toContain('<a href="/ana/shop/blob/main/LICENSE#x">a</a>')
    expect(html).toContain('<img src="/ana/shop/raw/main/docs/shot.png" alt="shot">')
    expect(html).toContain('<a href="https://b.test/" rel="nofollow noopener noreferrer">b</a>')
  })
})

const HOSTILE = [
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '<details ontoggle=alert(1) open>x</details>',
  '<a href="javascript:alert(1)">x</a>',
  '[x](javascript:alert(1))',
  '[x](JaVaScRiPt&colon;alert(1))',
  '[x](data:text/html,<script>alert(1)</script>)',
  '![x](javascript:alert(1))',
  '![<sub>"onload=alert(1)](x.png)',
  '<svg/onload=alert(1)>',
  '<iframe srcdoc="<script>alert(1)</script>">',
  '</article></main><form action=//evil.test><input name=token></form>',
  '<style>*{display:none}</style>',
  '<details><summary>\n\n</details></details></details></div></article>',
  '</sub></details></p></div>',
  '<sub><blockquote>\n\n> <details>\n\n</sub>',
  '<!--><img src=x onerror=alert(1)>-->',
  '<!-- --!><script>alert(1)</script>',
  '<br onclick=alert(1)>',
  '<b><i></b></i><code>',
  '<math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>',
  '`<script>`</code><script>',
  '<http://x" onclick="alert(1)>',
  'www.x.test/"onmouseover="alert(1)',
  '[a]: <"onclick=alert(1)>\n\n[a]',
  '[^1]\n\n[^1]: <script>alert(1)</script>',
  '| <details> | b |\n|-|-|\n| </td></table><script> | c |',
  '<input type=image src onerror=alert(1)>',
  '&lt;script&gt; &#60;script&#62; \u0000<script\u0000>',
  '```"><script>alert(1)</script>\nx\n```',
]

describe('what strangers try', () => {
  test.each(HOSTILE)('%s is inert', (text) => {
    expect(faultsOf(rendered(text))).toEqual([])
    expect(faultsOf(rendered(text, { ref: 'main', path: 'a.md' }))).toEqual([])
  })

  test('any mixture of it is inert, and leaves no element open', () => {
    const piece = fc.oneof(
      fc.constantFrom(...HOSTILE),
      fc.constantFrom(
        '\n',
        '\n\n',
        '> ',
        '- ',
        '<details>',
        '</details>',
        '<!--',
        '-->',
        '`',
        '**',
        '[',
        '](',
        ')',
        '<',
        '"',
        '#1',
        '@ana',
        '|',
      ),
      fc.string({ unit: 'grapheme', maxLength: 8 }),
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        expect(faultsOf(rendered(pieces.join('')))).toEqual([])
      }),
      { numRuns: 400 },
    )
  })

  test('a text made to keep the parser busy is shown as it is, at once', () => {
    const began = performance.now()
    for (const one of [
      '1. ',
      '- - a\n',
      'a\n-',
      '> '.repeat(200),
      '|'.repeat(500),
      '<',
      '[[',
      '*a_',
      'http://a<!-- ',
      'www.a"!',
    ]) {
      expect(faultsOf(rendered(one.repeat(Math.floor(65_536 / one.length))))).toEqual([])
    }
    expect(performance.now() - began).toBeLessThan(6_000)
  })
})

const TAGS: Readonly<Record<string, RegExp>> = Object.fromEntries([
  ...'p h1 h2 h3 h4 h5 h6 ul ol li blockquote em strong del ins b i pre code table thead tbody tr th td hr br sub sup kbd summary details section'
    .split(' ')
    .map((name) => [name, /^$/] as const),
  ['details', /^( open)?$/],
  ['li', /^( id="note-[0-9a-f]{8}-fn-[^"<>]*")?$/],
  ['ol', /^( start="\d+")?$/],
  ['th', /^( align="\w+")?$/],
  ['td', /^( align="\w+")?$/],
  ['code', /^( class="language-[^"<>]*")?$/],
  ['pre', /^( class="plain")?$/],
  ['br', /^( \/)?$/],
  ['hr', /^( \/)?$/],
  ['span', /^ class="(added|removed)"$/],
  ['section', /^ data-footnotes="" class="footnotes"$/],
  ['h2', /^( id="footnote-label" class="sr-only")?$/],
  ['input', /^ type="checkbox" disabled( checked)? aria-label="[a-z ]+"$/],
  ['img', /^ src="\/ana\/shop\/raw\/[^"<>]*" alt="[^"<>]*"$/],
  [
    'a',
    /^( class="(reference|mention|data-footnote-backref)"| href="(?!\s*(javascript|data|vbscript):)[^"<>]*"| (id|title|aria-label|aria-describedby|data-footnote-ref|data-footnote-backref)="[^"<>]*"| rel="[a-z ]+")*$/i,
  ],
])
const VOID = new Set(['br', 'hr', 'img', 'input'])

/** Only known tags with known attributes, each closed in its turn. */
function faultsOf(html: string): readonly string[] {
  const faults: string[] = []
  const open: string[] = []
  const rest = html.replaceAll(
    /<(\/?)([a-z][a-z0-9]*)([^<>]*)>/g,
    (tag, slash: string, name: string, attributes: string) => {
      const known = slash === '' ? TAGS[name]?.test(attributes) : attributes === ''
      if (known !== true) faults.push(`unknown: ${tag}`)
      if (slash !== '' && open.pop() !== name) faults.push(`out of turn: ${tag}`)
      if (slash === '' && !VOID.has(name)) open.push(name)
      return ''
    },
  )
  if (rest.includes('<')) faults.push(`no tag: ${rest}`)
  return [...faults, ...open.map((name) => `left open: ${name}`)]
}

function smallWorld(): { readonly repo: Repository; readonly world: World } {
  const empty = new World({ clock: { now: () => 0 }, dataDir: '/nowhere' })
  const owner = createUser(empty, { login: 'ana' })
  const shop: Repository = {
    id: 1,
    nodeId: '',
    gitDir: '',
    createdAt: '',
    labels: new Map(),
    collaborators: new Map(),
    protectedBranches: new Map(),
    refs: new Map(),
    issues: new Map(),
    comments: new Map(),
    reviewComments: new Map(),
    events: [],
    pinned: [],
    gone: new Map(),
    owner,
    name: 'shop',
    description: null,
    private: false,
    archived: false,
    defaultBranch: 'main',
    updatedAt: '',
    pushedAt: '',
    nextNumber: 1,
  }
  addIssue(empty, { user: owner, app: null }, { repo: shop, title: 'One', body: null, pull: null })
  return { repo: shop, world: empty }
}
