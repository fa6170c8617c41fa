// People and Apps as pages show them: a picture of their initial, the login, a badge for bots.
import { html } from 'hono/html'
import type { App } from '../../world/app.ts'
import type { User } from '../../world/people.ts'

type Html = ReturnType<typeof html>

/** Decorative: the login stands beside it. */
export function avatar(user: User, size: 20 | 32 = 20): Html {
  return html`<img
    class="avatar"
    src="/avatars/u/${user.id}"
    alt=""
    width="${size}"
    height="${size}"
  />`
}

export function personLink(user: User): Html {
  const app = user.type === 'Bot'
  const login = user.login.replace(/\[bot\]$/, '')
  const address = app ? `/apps/${encodeURIComponent(login)}` : `/${encodeURIComponent(user.login)}`
  return html`<a class="person" href="${address}">${login}</a>${
      app ? html` <span class="badge bot">bot</span>` : ''
    }`
}

/** Who did it; through which App, where a person did it that way. */
export function author(user: User, app: App | null): Html {
  const via =
    app !== null && app.bot !== user ? html` <span class="via">via ${app.name}</span>` : ''
  return html`${personLink(user)}${via}`
}

/** The picture behind `avatar_url`: the initial on a colour of the login's own. */
export function avatarPicture(user: User): string {
  const name = user.login.replace(/[^a-z\d]/gi, '')
  const initial = name.slice(0, 1).toUpperCase()
  const hue = Buffer.from(user.login).reduce((sum, byte) => (sum * 31 + byte) % 360, 7)
  const corner = user.type === 'User' ? 16 : 6
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="${corner}" fill="hsl(${hue} 42% 38%)"/><text x="16" y="22" font-family="system-ui,sans-serif" font-size="17" font-weight="600" fill="#fff" text-anchor="middle">${initial}</text></svg>`
}
