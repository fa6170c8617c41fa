// The one stylesheet and the one script, kept by browsers for good under an address with their hash.
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { Hono } from 'hono'
import { notFound } from '../../world/refusal.ts'
import { avatarPicture } from '../parts/person.ts'
import type { PageEnv } from '../visit.ts'

type Asset = { readonly path: string; readonly text: string; readonly type: string }

export const ASSETS = {
  style: asset(
    'pages.css',
    ['base.css', 'content.css', 'code.css', 'talk.css', 'prose.css'],
    'text/css; charset=utf-8',
  ),
  script: asset('live.js', ['live.js'], 'text/javascript; charset=utf-8'),
}

export function assetRoutes(app: Hono<PageEnv>): void {
  for (const { path, text, type } of Object.values(ASSETS)) {
    app.get(path, (c) =>
      c.body(text, 200, {
        'content-type': type,
        'cache-control': 'public, max-age=31536000, immutable',
      }),
    )
  }
  // The set-up pages stand outside and know no hash.
  app.get('/-/pages.css', (c) => c.redirect(ASSETS.style.path))
  app.get('/avatars/u/:id', (c) => {
    const user = c.get('visit').site.world.userById(Number(c.req.param('id')))
    if (user === undefined) throw notFound()
    return c.body(avatarPicture(user), 200, {
      'content-type': 'image/svg+xml',
      'cache-control': 'private, max-age=3600',
    })
  })
}

function asset(name: string, files: readonly string[], type: string): Asset {
  const text = files.map((file) => readFileSync(new URL(file, import.meta.url), 'utf8')).join('')
  const hash = createHash('sha256').update(text).digest('hex').slice(0, 12)
  return { path: `/-/${hash}/${name}`, text, type }
}
