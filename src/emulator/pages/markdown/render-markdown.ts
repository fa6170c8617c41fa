// GitHub-flavoured Markdown as HTML that is safe inside a page, whoever wrote it.
import { createHash } from 'node:crypto'
import { raw } from 'hono/html'
import { micromark } from 'micromark'
import { gfm, gfmHtml } from 'micromark-extension-gfm'
import type { Repository } from '../../world/issue.ts'
import { fullNameOf, type World } from '../../world/world.ts'
import { encodePath } from '../visit.ts'
import { isAffordable } from './affordable.ts'
import { allowedHtml } from './allowed-html.ts'
import { escaped, finishHtml, type Target } from './finish-html.ts'

export type Prose = {
  readonly world: World
  readonly repo: Repository
  readonly text: string
  /** Of a file's text: in it a newline is no line break, and links are relative to it. */
  readonly file?: { readonly ref: string; readonly path: string }
}

const REMEMBERED = 500
const rendered = new Map<string, string>()

/** Remembered by text, since a page that watches an issue asks again each second. */
export function renderMarkdown(prose: Prose): ReturnType<typeof raw> {
  const { repo, text, world } = prose
  if (!isAffordable(text)) return raw(`<pre class="plain">${escaped(text)}</pre>`)
  // A number that is taken later, or a person who comes later, changes what is linked.
  const state = `${world.url} ${repo.id} ${fullNameOf(repo)} ${repo.nextNumber} ${world.users.size}`
  const key = `${state} ${prose.file?.ref ?? ''} ${prose.file?.path ?? ''}\0${text}`
  const known = rendered.get(key)
  if (known !== undefined) return raw(known)
  const made = render(prose)
  if (rendered.size >= REMEMBERED) rendered.clear()
  rendered.set(key, made)
  return raw(made)
}

function render({ file, repo, text, world }: Prose): string {
  const base = `/${fullNameOf(repo)}`
  // Footnotes of two comments on one page must not lead to each other.
  const hash = createHash('sha256').update(text).digest('hex').slice(0, 8)
  const plain = micromark(text, {
    extensions: [gfm()],
    htmlExtensions: [gfmHtml({ clobberPrefix: `note-${hash}-` }), allowedHtml()],
  })
  return finishHtml(plain, {
    breaks: file === undefined,
    ...(file === undefined ? {} : { inFile: (link) => inFile(base, file, link) }),
    issue: (number) => {
      const issue = repo.issues.get(number)
      if (issue === undefined) return null
      return `${base}/${issue.pull === null ? 'issues' : 'pull'}/${number}`
    },
    person: (login) => {
      const user = world.users.get(login.toLowerCase())
      return user === undefined ? null : `/${encodeURIComponent(user.login)}`
    },
  })
}

/** `null` for a link that leads elsewhere. The way up ends at the repository's root. */
function inFile(
  base: string,
  { path, ref }: { readonly path: string; readonly ref: string },
  link: string,
): Target | null {
  if (/^(?:[a-z][a-z0-9+.-]*:|\/|#|\?|$)/i.test(link)) return null
  const root = 'http://repository/'
  const { hash, pathname } = new URL(link, `${root}${encodePath(path)}`)
  const place = `${encodePath(ref)}${pathname}`
  return { page: `${base}/blob/${place}${hash}`, picture: `${base}/raw/${place}` }
}
