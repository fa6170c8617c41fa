/** What the pages point at is there. */
import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { ROOT, readPage, readPages } from './pages.ts'
import type { Page } from './pages.ts'

const pages = readPages()

/** Null when the link leads somewhere, else what is wrong. */
function broken(page: Page, link: string): string | null {
  if (/^[a-z]+:/.test(link)) return null
  const [file = '', anchor] = link.split('#')
  const target = file === '' ? new URL(page.path, ROOT) : new URL(file, new URL(page.path, ROOT))
  if (!existsSync(target)) return `${page.path}: ${link} is not there`
  if (anchor === undefined) return null
  const path = target.href.slice(ROOT.href.length)
  const anchors = pages.find((one) => one.path === path)?.anchors
  return anchors?.has(anchor) ? null : `${page.path}: ${link} has no such heading`
}

describe('the pages', () => {
  it('have no link that leads nowhere', () => {
    expect(
      pages.flatMap((page) => page.links.map((link) => broken(page, link))).filter(Boolean),
    ).toEqual([])
  })

  it('are looked through by a test that would notice', () => {
    const [first] = pages
    if (first === undefined) throw new Error('there are no pages')
    expect(first.links.length).toBeGreaterThan(5)
    expect(broken(first, 'docs/nowhere.md')).toContain('is not there')
    expect(broken(first, 'docs/guide.md#nowhere')).toContain('no such heading')
  })

  it('name only files that exist, where they tell of the code', () => {
    const { words } = readPage('docs/development.md')
    const named = words.filter((word) => /^(src|test|docs|scripts|bench)\/[\w./-]+$/.test(word))
    expect(named.length).toBeGreaterThan(20)
    expect(named.filter((path) => !existsSync(new URL(path, ROOT)))).toEqual([])
  })

  it('show a picture that suits light and dark pages, and says what it shows', () => {
    const picture = readFileSync(new URL('docs/pictures/way.svg', ROOT), 'utf8')
    expect(readPage('README.md').links).toContain('docs/pictures/way.svg')
    expect(picture).toContain('prefers-color-scheme: dark')
    expect(picture).toMatch(/<title [^>]*>.+<\/title>/)
  })
})
