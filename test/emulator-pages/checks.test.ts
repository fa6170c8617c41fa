// What an App shows on pages: its checks with their words and buttons, and where it is installed.
import { expect, test } from 'vitest'
import { REPO, scene } from '../emulator/support/github.ts'
import { visitor } from './support/visitor.ts'

const SHOP = '/acme/shop'
/** An App that hears of its buttons. */
const CHECKER = {
  name: 'Checker',
  url: 'http://a.test',
  default_permissions: { checks: 'write', contents: 'read' },
  default_events: ['check_run'],
}

test('a branch becomes a pull request by a form, and its check is read and its button pressed', async () => {
  const { github, hooks, octokit } = await scene({ manifest: CHECKER })
  const files = { 'src/price.ts': 'export const price = 2\n' }
  const push = {
    repo: 'acme/shop',
    as: 'ben',
    branch: 'price/up',
    files,
    message: 'Raise the price',
  }
  const sha = await github.pushFiles(push)
  const ben = visitor(github.url, 'ben')
  const compared = await ben.open(`${SHOP}/compare/main...price/up`)
  expect(compared.text).toContain('value="Raise the price"')
  const fields = { title: 'Raise it', body: 'By one', draft: '' }
  const pull = await ben.send(`${SHOP}/compare/main...price/up`, `${SHOP}/pulls`, fields)
  expect(pull.text).toContain('No checks have run on the newest commit.')

  const { data: run } = await octokit.rest.checks.create({
    ...REPO,
    name: 'yardmaster',
    head_sha: sha,
    conclusion: 'failure',
    output: { title: '1 of 2 failed', summary: '`npm test` **failed**' },
    actions: [{ label: 'Retry', description: 'Run it again', identifier: 'retry' }],
  })
  const page = await ben.open(`${SHOP}/pull/1`)
  expect(page.text).toContain('1 check failed')
  expect(page.text).toContain('<strong>failed</strong>')
  await ben.send(`${SHOP}/pull/1/checks`, `${SHOP}/runs/${run.id}`, { action: 'retry' })
  await github.whenIdle()
  const pressed = hooks.find((hook) => hook.body.includes('requested_action'))
  expect(pressed?.payload).toMatchObject({ action: 'requested_action', sender: { login: 'ben' } })
  const own = await visitor(github.url, 'ria').open(`${SHOP}/runs/${run.id}`)
  expect(own.text).toContain('1 of 2 failed')
  expect(own.text).not.toContain('>Retry<')
  expect(github.violations).toEqual([])
})

test('a new repository is made by a form, and the App installed on it by its owner only', async () => {
  const { github } = await scene()
  const ana = visitor(github.url, 'ana')
  const made = await ana.send('/new', '/new/repository', {
    name: 'notes',
    description: 'Mine',
    private: '',
  })
  expect(made.text).toContain('<h1>notes</h1>')
  const installed = await ana.send('/ana/notes/settings', '/ana/notes/settings/install', {
    app: github.app.slug,
  })
  expect(installed.text).toContain('>installed</span')
  await ana.send('/new', '/new/repository', { name: 'more', description: '' })
  const ria = visitor(github.url, 'ria')
  const refused = await ria.send('/ana/more/settings', '/ana/more/settings/install', {
    app: github.app.slug,
  })
  expect(refused.text).toContain('ria has role read in ana/more and needs admin.')
  const person = await ana.send('/new', '/new/person', { login: 'zoe' })
  expect(person.text).toContain('zoe')
  const twice = await ana.send('/new', '/new/person', { login: 'zoe' })
  expect(twice.status).toBe(422)
  expect(twice.text).toContain('The login exists already.')
})

test('the set-up pages wear the same clothes', async () => {
  const { github } = await scene()
  const ana = visitor(github.url, 'ana')
  const page = await ana.open(`/apps/${github.app.slug}/installations/new`)
  const [, style = ''] = /rel="stylesheet" href="([^"]+)"/.exec(page.text) ?? []
  const sheet = await ana.open(style)
  expect(
    (await ana.open(sheet.headers.get('location') ?? '')).headers.get('content-type'),
  ).toContain('text/css')
})
