// A real Chromium, headless, started once for all tests of a file; each page of it remembers every
// complaint of its console.
import { existsSync } from 'node:fs'
import { chromium, type Browser, type Page } from 'playwright-core'
import { afterAll, onTestFinished } from 'vitest'

const CHROMIUM = '/usr/bin/chromium'

export const hasChromium = existsSync(CHROMIUM)

let started: Promise<Browser> | null = null
afterAll(async () => (await started)?.close())

export type Watched = {
  readonly page: Page
  /** Errors of scripts, of the console and of the content security policy, so far. */
  readonly complaints: readonly string[]
}

/** As wide as a phone. */
export async function openPage(url: string, login: string): Promise<Watched> {
  started ??= chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] })
  const browser = await started
  const context = await browser.newContext({ viewport: { width: 390, height: 844 } })
  onTestFinished(async () => context.close())
  await context.addCookies([{ name: 'emulator_acting_as', value: login, url, sameSite: 'Strict' }])
  const page = await context.newPage()
  page.setDefaultTimeout(10_000)
  const complaints: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(error.message))
  return { page, complaints }
}
