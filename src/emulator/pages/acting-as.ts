// Who one acts as: any person of the world, remembered in a cookie. There is no log-in, because
// there is nobody to keep out; what somebody may do is decided by their role, as on GitHub.
import type { Hono } from 'hono'
import { getCookie, setCookie } from 'hono/cookie'
import { html } from 'hono/html'
import type { User } from '../world/people.ts'
import type { World } from '../world/world.ts'
import { textOf, type Ask, type Html, type PageEnv, type Visit } from './visit.ts'

const COOKIE = 'emulator_acting_as'
const ADDRESS = '/-/acting-as'

/** The person of the cookie, or the one who most likely wants to look: the owner of something. */
export function actingUser(world: World, c: Ask): User | null {
  const chosen = world.users.get((getCookie(c, COOKIE) ?? '').toLowerCase())
  if (chosen?.type === 'User') return chosen
  for (const { owner } of world.repositories.values()) {
    if (owner.type === 'User') return owner
    const admin = [...owner.members].find(([, role]) => role === 'admin')
    const person = admin === undefined ? undefined : world.userById(admin[0])
    if (person !== undefined) return person
  }
  return people(world)[0] ?? null
}

/** Those whose role the reader may take. */
export function people(world: World): readonly User[] {
  const all = [...world.users.values()].filter((user) => user.type === 'User')
  return all.toSorted((a, b) => a.login.localeCompare(b.login))
}

export function actingSwitch(visit: Visit, token: Html): Html {
  const option = (user: User): Html =>
    html`<option value="${user.login}" ${user === visit.me ? 'selected' : ''}>
      ${user.login}
    </option>`
  return html`<form class="acting" method="post" action="${ADDRESS}" data-submit-on-change>
    ${token}<input type="hidden" name="back" value="${visit.path}" />
    <label for="acting-as">Acting as</label>
    <select id="acting-as" name="as" autocomplete="off">
      ${people(visit.site.world).map(option)}
    </select>
    <button class="small">Switch</button>
  </form>`
}

export function actingRoutes(app: Hono<PageEnv>): void {
  app.post(ADDRESS, (c) => {
    const form = c.get('form')
    const user = c.get('visit').site.world.user(textOf(form, 'as'))
    setCookie(c, COOKIE, user.login, { sameSite: 'Strict', httpOnly: true, path: '/' })
    return c.redirect(localPath(textOf(form, 'back')), 303)
  })
}

/** Only a path of our own: `//evil.test` and `/\evil.test` are addresses of others. */
function localPath(path: string): string {
  return /^\/(?![/\\])/.test(path) ? path : '/'
}
