// New people and new repositories, so that a world can grow by clicking.
import type { Hono } from 'hono'
import { html } from 'hono/html'
import { layout } from '../layout.ts'
import { addressOf, loginOf, textOf, tokenField, type PageEnv } from '../visit.ts'

export function createRoutes(app: Hono<PageEnv>): void {
  app.get('/new', (c) => {
    const visit = c.get('visit')
    const me = visit.me?.login ?? null
    const content = html`${
        me === null
          ? ''
          : html`<div class="heading"><h1>New repository</h1></div>
              <form class="composer narrow" method="post" action="/new/repository">
                ${tokenField(visit)}
                <label for="name">Name, owned by ${me}</label>
                <input id="name" name="name" required pattern="[A-Za-z0-9_.\\-]{1,100}" />
                <label for="description">Description</label>
                <input id="description" name="description" />
                <label class="choice"
                  ><input type="checkbox" name="private" value="yes" /> Private</label
                >
                <p class="row end"><button class="primary">Create repository</button></p>
              </form>`
      }
      <div class="heading"><h1>New person</h1></div>
      <form class="composer narrow" method="post" action="/new/person">
        ${tokenField(visit)}
        <label for="login">Login</label>
        <input id="login" name="login" required pattern="[A-Za-z0-9\\-]{1,39}" />
        <p class="row end"><button class="primary">Create person</button></p>
      </form>`
    return c.html(layout(visit, { title: 'New', content }))
  })
  app.post('/new/repository', async (c) => {
    const visit = c.get('visit')
    const form = c.get('form')
    const name = textOf(form, 'name').trim()
    const repo = await visit.site.createRepository({
      owner: loginOf(visit),
      name,
      description: textOf(form, 'description').trim(),
      private: textOf(form, 'private') === 'yes',
      files: { 'README.md': `# ${name}\n` },
    })
    return c.redirect(addressOf(repo), 303)
  })
  app.post('/new/person', (c) => {
    const login = textOf(c.get('form'), 'login').trim()
    const user = c.get('visit').site.createUser({ login })
    return c.redirect(`/${user.login}`, 303)
  })
}
