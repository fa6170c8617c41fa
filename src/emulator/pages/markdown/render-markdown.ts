// GitHub-flavoured Markdown as HTML that is safe inside a page, whoever wrote it.
import { html, raw } from 'hono/html'
import { micromark } from 'micromark'
import { gfm, gfmHtml } from 'micromark-extension-gfm'
import type { Repository } from '../../world/issue.ts'
import { fullNameOf, type World } from '../../world/world.ts'
import { isAffordable } from './affordable.ts'
import { allowedHtml } from './allowed-html.ts'
import { finishHtml } from './finish-html.ts'

type Html = ReturnType<typeof html>

export type Prose = {
  readonly world: World
  readonly repo: Repository
  readonly text: string
  /** A file's text, in which a newline is no line break. */
  readonly file?: boolean
}

const REMEMBERED = 500
const rendered = new Map<string, string>()

/** Remembered by text, since a page that watches an issue asks again each second. */
export function renderMarkdown(prose: Prose): Html {
  const { repo, text, world } = prose
  if (!isAffordable(text)) return html`<pre class="plain">${text}</pre>`
  // A number that is taken later, or a person who comes later, changes what is linked.
  const state = `${world.url} ${repo.id} ${fullNameOf(repo)} ${repo.nextNumber} ${world.users.size}`
  const key = `${state} ${prose.file === true}\0${text}`
  const known = rendered.get(key)
  if (known !== undefined) return raw(known)
  const made = render(prose)
  if (rendered.size >= REMEMBERED) rendered.clear()
  rendered.set(key, made)
  return raw(made)
}

function render({ file, repo, text, world }: Prose): string {
  const base = `/${fullNameOf(repo)}`
  const plain = micromark(text, {
    extensions: [gfm()],
    htmlExtensions: [gfmHtml(), allowedHtml()],
  })
  return finishHtml(plain, {
    breaks: file !== true,
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
