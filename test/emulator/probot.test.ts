// The real Probot, pointed at the emulator, hears a label and answers it: the contract that the
// product stands on.
import { createServer } from 'node:http'
import { createNodeMiddleware, Probot } from 'probot'
import { expect, onTestFinished, test } from 'vitest'
import { scene, SECRET } from './support/github.ts'
import { PRIVATE_KEY } from './support/key.ts'

test('Probot hears a label by webhook and comments as the installation', async () => {
  const { github } = await scene()
  const probot = new Probot({
    appId: github.app.id,
    privateKey: PRIVATE_KEY,
    secret: SECRET,
    baseUrl: github.apiUrl,
    logLevel: 'fatal',
  })
  const middleware = await createNodeMiddleware(
    (app) => {
      app.on('issues.labeled', async (context) => {
        await context.octokit.rest.issues.createComment(
          context.issue({ body: `Heard ${context.payload.label?.name}` }),
        )
      })
    },
    { probot, webhooksPath: '/hooks' },
  )
  const server = createServer((req, res) => void middleware(req, res))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  github.setWebhookUrl(github.app, `http://127.0.0.1:${address.port}/hooks`)

  github.openIssue({ repo: 'acme/shop', as: 'ben', title: 'a' })
  github.label({ repo: 'acme/shop', number: 1, as: 'ben', label: 'yardmaster' })
  await github.whenIdle()
  const comments = github.comments({ repo: 'acme/shop', number: 1 })
  expect(comments.map(({ body, user }) => `${user.login}: ${body}`)).toEqual([
    'yardmaster[bot]: Heard yardmaster',
  ])
  const replies = github.webhooks.deliveries.map(({ reply }) => reply?.status)
  expect(new Set(replies)).toEqual(new Set([200]))
  expect(github.violations).toEqual([])
})
