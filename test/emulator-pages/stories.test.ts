// The main job by clicking: label, watch, read, merge; and being refused in a way one understands.
import { describe, expect, test } from 'vitest'
import { scene, type Scene } from '../emulator/support/github.ts'
import { visitor } from './support/visitor.ts'

const SHOP = '/acme/shop'

async function withPull({ github }: Scene): Promise<void> {
  github.openIssue({ repo: 'acme/shop', as: 'ben', title: 'The price is wrong', body: 'It is 1.' })
  await github.pushFiles({
    repo: 'acme/shop',
    as: 'ben',
    branch: 'price',
    files: { 'src/price.ts': 'export const price = 2\n' },
    message: 'Raise the price',
  })
  const body = 'Closes #1\n\n- [x] tested'
  await github.openPull({ repo: 'acme/shop', as: 'ben', title: 'Raise it', body, head: 'price' })
}

describe('an issue', () => {
  test('is labelled by a form, which tells the App by webhook', async () => {
    const { github, hooks } = await scene()
    github.openIssue({ repo: 'acme/shop', as: 'ria', title: 'Help' })
    const ana = visitor(github.url, 'ana')
    const page = await ana.send(`${SHOP}/issues/1`, `${SHOP}/issues/1/label`, {
      label: 'yardmaster',
    })
    expect(page.text).toMatch(/<span[^>]*>yardmaster<\/span/)
    await github.whenIdle()
    const told = hooks.find(
      (hook) => hook.headers['x-github-event'] === 'issues' && hook.body.includes('"labeled"'),
    )
    expect(told?.payload).toMatchObject({ label: { name: 'yardmaster' }, sender: { login: 'ana' } })

    await ana.send(`${SHOP}/issues/1`, `${SHOP}/issues/1/unlabel`, { label: 'yardmaster' })
    expect(github.labels({ repo: 'acme/shop', number: 1 })).toEqual([])
    expect(github.violations).toEqual([])
  })

  test('is opened, edited, commented on, closed and reopened by forms', async () => {
    const { github } = await scene()
    const ria = visitor(github.url, 'ria')
    const opened = await ria.send(`${SHOP}/issues/new`, `${SHOP}/issues`, {
      title: 'Late',
      body: 'By *days*',
    })
    expect(opened.text).toContain('<em>days</em>')
    await ria.send(`${SHOP}/issues/1/edit`, `${SHOP}/issues/1/edit`, {
      title: 'Too late',
      body: 'By weeks',
    })
    const closed = await ria.send(`${SHOP}/issues/1`, `${SHOP}/issues/1/comment`, {
      body: 'Found it.',
      next: 'close',
    })
    expect(closed.text).toMatch(/changed the title from <del>Late<\/del>/)
    expect(closed.text).toContain('Found it.')
    expect(closed.text).toContain('closed this as completed')
    await ria.send(`${SHOP}/issues/1`, `${SHOP}/issues/1/comment`, { body: '', next: 'reopen' })
    expect(github.issue({ repo: 'acme/shop', number: 1 })).toMatchObject({
      state: 'open',
      title: 'Too late',
    })
    const list = await ria.open(`${SHOP}/issues?state=closed`)
    expect(list.text).toContain('There is no closed issue.')
  })

  test('is not labelled by a reader, who is told why and finds what they wrote again', async () => {
    const { github } = await scene()
    github.openIssue({ repo: 'acme/shop', as: 'ben', title: 'Help' })
    const ria = visitor(github.url, 'ria')
    const page = await ria.open(`${SHOP}/issues/1`)
    expect(page.text).toContain('Labels need the role triage; ria has')
    const { text } = await ria.open('/')
    const token = /name="token" value="([^"]+)"/.exec(text)?.[1] ?? ''
    const refused = await ria.post(`${SHOP}/issues/1/label`, { token, label: 'yardmaster' })
    expect(refused.status).toBe(403)
    expect(refused.text).toContain('ria has role read in acme/shop and needs triage.')
    const edit = await ria.post(`${SHOP}/issues/1/edit`, {
      token,
      title: 'Mine',
      body: 'All <mine>',
    })
    expect(edit.text).toContain('All &lt;mine&gt;')
    expect(github.labels({ repo: 'acme/shop', number: 1 })).toEqual([])
    expect(github.issue({ repo: 'acme/shop', number: 1 }).title).toBe('Help')
  })
})

describe('a pull request', () => {
  test('shows its changes line by line, is merged by a form, and closes its issue', async () => {
    const all = await scene()
    await withPull(all)
    const { github } = all
    const ana = visitor(github.url, 'ana')
    const page = await ana.open(`${SHOP}/pull/2`)
    expect(page.text).toContain('No conflicts with main.')
    expect(page.text).toMatch(
      /<tr class="removed"><td class="number">1<\/td><td class="number"><\/td>.*export const price = 1/,
    )
    expect(page.text).toMatch(
      /<tr class="added"><td class="number"><\/td><td class="number">1<\/td>.*export const price = 2/,
    )
    const merged = await ana.send(`${SHOP}/pull/2`, `${SHOP}/pull/2/merge`, { method: 'squash' })
    expect(merged.text).toMatch(/merged this into <code>main<\/code>/)
    expect(github.issue({ repo: 'acme/shop', number: 1 }).state).toBe('closed')
    const [newest] = await github.commits('acme/shop', 'main')
    expect(newest).toMatchObject({ parents: [expect.any(String)] })
    expect(newest?.message).toContain('Raise it (#2)')
    await ana.send(`${SHOP}/pull/2`, `${SHOP}/pull/2/delete-branch`)
    expect(github.branches('acme/shop').has('price')).toBe(false)
    expect((await ana.open(`${SHOP}/pull/2`)).text).not.toContain('delete-branch')
  })

  test('is not merged when it moved after the page was drawn', async () => {
    const all = await scene()
    await withPull(all)
    const { github } = all
    const ana = visitor(github.url, 'ana')
    const { text } = await ana.open(`${SHOP}/pull/2`)
    const [, token = ''] = /name="token" value="([^"]+)"/.exec(text) ?? []
    const [, sha = ''] = /name="sha" value="([^"]+)"/.exec(text) ?? []
    await github.pushFiles({
      repo: 'acme/shop',
      as: 'ben',
      branch: 'price',
      files: { 'src/price.ts': 'export const price = 3\n' },
      message: 'Raise it further',
    })
    const answer = await ana.post(`${SHOP}/pull/2/merge`, { token, sha, method: 'merge' })
    expect(answer.status).toBe(409)
    expect(answer.text).toContain('Head branch was modified.')
    expect(github.pull({ repo: 'acme/shop', number: 2 }).pull.merged).toBe(false)
  })

  test('is reviewed by others, and not approved by its author', async () => {
    const all = await scene()
    await withPull(all)
    const { github } = all
    const ana = visitor(github.url, 'ana')
    const reviewed = await ana.send(`${SHOP}/pull/2`, `${SHOP}/pull/2/review`, {
      event: 'REQUEST_CHANGES',
      body: 'Too much',
    })
    expect(reviewed.text).toContain('ana asked for changes.')
    const own = await visitor(github.url, 'ben').send(`${SHOP}/pull/2`, `${SHOP}/pull/2/review`, {
      event: 'APPROVE',
      body: '',
    })
    expect(own.status).toBe(422)
    expect(own.text).toContain('Can not approve your own pull request.')
  })

  test('cannot be merged by a reader', async () => {
    const all = await scene()
    await withPull(all)
    const { text } = await visitor(all.github.url, 'ria').open(`${SHOP}/pull/2`)
    expect(text).toContain('Merging needs write access; ria has read.')
    expect(text).not.toContain(`${SHOP}/pull/2/merge"`)
  })
})

describe('a file', () => {
  test('is created where the App’s link leads, and edited after', async () => {
    const { github } = await scene()
    const ben = visitor(github.url, 'ben')
    const form = await ben.open(`${SHOP}/new/main?filename=.github/yardmaster.yml`)
    const [, token = ''] = /name="token" value="([^"]+)"/.exec(form.text) ?? []
    expect(form.text).toContain('value=".github/yardmaster.yml"')
    const fields = {
      token,
      branch: 'main',
      path: '.github/yardmaster.yml',
      content: 'verify: [npm test]\r\n',
    }
    const made = await ben.post(`${SHOP}/new/main`, { ...fields, was: 'new', message: '' })
    expect(made.headers.get('location')).toBe(`${SHOP}/blob/main/.github/yardmaster.yml`)
    expect(await github.fileAt('acme/shop', 'main', '.github/yardmaster.yml')).toBe(
      'verify: [npm test]\n',
    )
    const again = await ben.post(`${SHOP}/new/main`, { ...fields, was: 'new', message: '' })
    expect(again.status).toBe(409)
    const stale = await ben.post(`${SHOP}/edit/main/.github/yardmaster.yml`, {
      ...fields,
      was: '0'.repeat(40),
    })
    expect(stale.text).toContain('was changed on main since you opened it')
    const escape = await ben.post(`${SHOP}/new/main`, {
      ...fields,
      path: '../x/.git/config',
      was: 'new',
    })
    expect(escape.status).toBe(422)
  })

  test('is found with its history under a branch that has slashes in its name', async () => {
    const { github } = await scene()
    await github.pushFiles({
      repo: 'acme/shop',
      as: 'ben',
      branch: 'yardmaster/7',
      files: { 'docs/a.md': '# Title\n\n[code](../src/price.ts) ![x](https://evil.test/x.png)\n' },
      message: 'Write',
    })
    const ben = visitor(github.url, 'ben')
    const folder = await ben.open(`${SHOP}/tree/yardmaster/7`)
    expect(folder.text).toContain(`${SHOP}/tree/yardmaster/7/docs`)
    const file = await ben.open(`${SHOP}/blob/yardmaster/7/docs/a.md`)
    expect(file.text).toContain(`<a href="${SHOP}/blob/yardmaster/7/src/price.ts">code</a>`)
    expect(file.text).not.toContain('<img src="https://evil')
    const [tip] = await github.commits('acme/shop', 'yardmaster/7')
    const commit = await ben.open(`${SHOP}/commit/${tip?.sha.slice(0, 8) ?? ''}`)
    expect(commit.text).toContain('docs/a.md')
    expect((await ben.open(`${SHOP}/commits/yardmaster/7`)).text).toContain('Write')
    expect((await ben.open(`${SHOP}/raw/main/README.md`)).text).toBe('# Shop\n')
  })
})

describe('what administrators see', () => {
  test('they give roles and protect branches, and nobody else does', async () => {
    const { github } = await scene()
    const ana = visitor(github.url, 'ana')
    await ana.send(`${SHOP}/settings`, `${SHOP}/settings/role`, { login: 'ria', role: 'write' })
    await ana.send(`${SHOP}/settings`, `${SHOP}/settings/protection`, {
      branch: 'main',
      protect: 'yes',
    })
    expect(github.repository('acme/shop').protectedBranches.has('main')).toBe(true)
    const ria = visitor(github.url, 'ria')
    const refused = await ria.send(`${SHOP}/settings`, `${SHOP}/settings/role`, {
      login: 'ria',
      role: 'admin',
    })
    expect(refused.text).toContain('ria has role write in acme/shop and needs admin.')
  })

  test('webhooks are listed with their answers and sent again by a button', async () => {
    const { github, hooks } = await scene()
    github.openIssue({ repo: 'acme/shop', as: 'ria', title: 'Help' })
    await github.whenIdle()
    const [delivery] = github.webhooks.deliveries.slice(-1)
    const action = `/app/deliveries/${delivery?.id ?? 0}/redeliver`
    const list = await visitor(github.url, 'ana').send('/app/deliveries', action)
    expect(list.text).toContain('issues.opened')
    expect(list.text).toContain('acme/shop#1')
    await github.whenIdle()
    expect(hooks.filter((hook) => hook.guid === delivery?.guid)).toHaveLength(2)
  })
})
