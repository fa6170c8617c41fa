// The pages in a real browser: clicks do what they say, changes appear by themselves, and nothing
// that a person types is lost to them. Without Chromium on the machine these are skipped, visibly.
import { describe, expect, test } from 'vitest'
import { scene } from '../emulator/support/github.ts'
import { hasChromium, openPage } from './support/browser.ts'

describe.skipIf(!hasChromium)('in Chromium', () => {
  test('a label is set by clicking and its consequences appear without a reload', async () => {
    const { github } = await scene()
    const at = { repo: 'acme/shop', number: 1 }
    github.openIssue({ repo: 'acme/shop', as: 'ria', title: 'Help', body: 'Please' })
    const { complaints, page } = await openPage(github.url, 'ana')
    await page.goto(`${github.url}/acme/shop/issues/1`)
    await page.getByRole('button', { name: 'Add label enhancement' }).click()
    await page.getByRole('button', { name: 'Remove label enhancement' }).waitFor()
    expect(github.labels(at)).toEqual(['enhancement'])

    const comment = github.comment({
      ...at,
      as: 'ben',
      body: '### Queued\n\n<details><summary>More</summary>\n\nlong story\n\n</details>',
    })
    await page.getByRole('heading', { name: 'Queued' }).waitFor()
    await page.getByText('More', { exact: true }).click()
    await page.getByLabel('Add a comment as ana').fill('I am still writing')
    github.editComment({
      repo: at.repo,
      id: comment.id,
      as: 'ben',
      body: '### Working\n\n<details><summary>More</summary>\n\nlonger story\n\n</details>',
    })
    const told = performance.now()
    await page.getByRole('heading', { name: 'Working' }).waitFor()
    expect(performance.now() - told).toBeLessThan(3_000)
    expect(await page.getByText('longer story').isVisible()).toBe(true)
    expect(await page.getByLabel('Add a comment as ana').inputValue()).toBe('I am still writing')
    expect(await page.evaluate('document.activeElement.id')).toBe('comment-body')

    await page.getByRole('button', { name: 'Comment', exact: true }).click()
    await page.locator('.said', { hasText: 'I am still writing' }).waitFor()
    expect(github.comments(at).map((one) => one.body)).toContain('I am still writing')
    expect(complaints).toEqual([])
    expect(github.violations).toEqual([])
  })

  test('a pull request is read and merged by clicking, on the width of a phone', async () => {
    const { github } = await scene()
    github.openIssue({ repo: 'acme/shop', as: 'ben', title: 'Wrong price' })
    const files = { 'src/price.ts': 'export const price = 2\n' }
    await github.pushFiles({
      repo: 'acme/shop',
      as: 'ben',
      branch: 'price',
      files,
      message: 'Raise',
    })
    await github.openPull({
      repo: 'acme/shop',
      as: 'ben',
      title: 'Raise it',
      body: 'Closes #1',
      head: 'price',
    })
    const { complaints, page } = await openPage(github.url, 'ana')
    await page.goto(`${github.url}/acme/shop/pulls`)
    await page.getByRole('link', { name: 'Raise it' }).click()
    expect(await page.locator('tr.added .code').textContent()).toBe('+export const price = 2')
    const tooWide = await page.evaluate('document.documentElement.scrollWidth - innerWidth')
    expect(tooWide).toBeLessThanOrEqual(0)
    await page.getByRole('button', { name: 'Merge pull request' }).click()
    await page.getByText('Merged', { exact: true }).waitFor()
    expect(github.pull({ repo: 'acme/shop', number: 2 }).pull.merged).toBe(true)
    await page.getByRole('link', { name: 'Wrong price' }).click()
    await page.getByText('closed this as completed').waitFor()
    expect(complaints).toEqual([])
  })

  test('a card is moved by choosing its column, and an App moves it back under one’s eyes', async () => {
    const { github } = await scene()
    const card = { repo: 'acme/shop', number: 1 }
    const board = { owner: 'acme', project: 1, as: 'ana', card }
    github.openIssue({ repo: 'acme/shop', as: 'ria', title: 'Wrong price' })
    github.createProject({ owner: 'acme', title: 'Yard' })
    github.addCard(board)
    github.moveCard({ ...board, to: 'Todo' })
    const { complaints, page } = await openPage(github.url, 'ana')
    await page.goto(`${github.url}/orgs/acme/projects/1`)
    const column = (name: string) => page.getByRole('region', { name, exact: true })
    await page.getByLabel('Column of Wrong price').selectOption('Done')
    await column('Done').getByRole('link', { name: 'Wrong price' }).waitFor()
    expect(github.cardValue(board, 'Status')).toBe('Done')
    github.moveCard({ ...board, to: 'In Progress' })
    await column('In Progress').getByRole('link', { name: 'Wrong price' }).waitFor()
    // Also the form that came by itself submits when chosen.
    await page.getByLabel('Column of Wrong price').selectOption('Todo')
    await column('Todo').getByRole('link', { name: 'Wrong price' }).waitFor()
    const tooWide = await page.evaluate('document.documentElement.scrollWidth - innerWidth')
    expect(tooWide).toBeLessThanOrEqual(0)
    expect(complaints).toEqual([])
    expect(github.violations).toEqual([])
  })

  test('a line is commented on by clicking its number, and the answer appears there', async () => {
    const { github } = await scene()
    const at = { repo: 'acme/shop', number: 1 }
    const files = { 'src/price.ts': 'export const price = 2\n' }
    const push = { repo: 'acme/shop', as: 'ben', branch: 'price', files, message: 'Raise' }
    await github.pushFiles(push)
    await github.openPull({ repo: 'acme/shop', as: 'ben', title: 'Raise it', head: 'price' })
    const { complaints, page } = await openPage(github.url, 'ana')
    await page.goto(`${github.url}/acme/shop/pull/1/files`)
    await page.getByRole('link', { name: 'Comment on line 1', exact: true }).click()
    await page.getByLabel('Comment on line 1 as ana').fill('Why two?')
    await page.getByRole('button', { name: 'Comment now' }).click()
    await page.getByText('Why two?').waitFor()
    const [thread] = github.threads(at)
    const id = thread?.comments[0]?.id ?? 0
    github.replyToReviewComment({ repo: 'acme/shop', id, as: 'ben', body: 'Inflation' })
    await page.getByText('Inflation').waitFor()
    await page.getByRole('button', { name: 'Resolve conversation' }).click()
    await page.getByText('resolved by ana').first().waitFor()
    const tooWide = await page.evaluate('document.documentElement.scrollWidth - innerWidth')
    expect(tooWide).toBeLessThanOrEqual(0)
    expect(complaints).toEqual([])
    expect(github.violations).toEqual([])
  })

  test('hostile text stays text, and the person acted as is switched by choosing', async () => {
    const { github } = await scene()
    const body = [
      '<script>document.title = "owned"</script>',
      '<img src=x onerror="document.title=\'owned\'">',
      '[click](javascript:document.title="owned")',
      '</article></main></body><form action="//evil.test">',
      '<details open ontoggle="document.title=\'owned\'">',
    ].join('\n\n')
    github.openIssue({ repo: 'acme/shop', as: 'ria', title: '<b>"\'</title><script>', body })
    const { complaints, page } = await openPage(github.url, 'ana')
    await page.goto(`${github.url}/acme/shop/issues/1`)
    await page.getByText('click', { exact: true }).click()
    expect(await page.title()).toBe(`<b>"'</title><script> · #1 · acme/shop · Emulator`)
    const inside = page.locator('.said .prose')
    expect(await inside.locator('script, img, form, [onerror], [ontoggle]').count()).toBe(0)
    // The page around it is whole: its own form is where it belongs.
    expect(await page.locator('main form[action$="/comment"]').count()).toBe(1)
    await page.getByLabel('Acting as').selectOption('ria')
    await page.getByText('Labels need the role triage').waitFor()
    expect(complaints).toEqual([])
  })
})
