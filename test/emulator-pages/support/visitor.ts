// A person with a browser and no script: opens pages, fills in the forms that stand on them, and acts
// as whom they like. A form that the page does not show cannot be sent.
import { expect } from 'vitest'

type Shown = {
  readonly status: number
  readonly text: string
  readonly headers: Headers
}

export type Visitor = {
  readonly open: (path: string, headers?: Readonly<Record<string, string>>) => Promise<Shown>
  /** Sends the form with that action on that page, and gives the page that follows. */
  readonly send: (
    on: string,
    action: string,
    fields?: Readonly<Record<string, string>>,
  ) => Promise<Shown>
  /** Posts by hand, as nobody's form would. */
  readonly post: (
    path: string,
    fields: Readonly<Record<string, string>>,
    headers?: Readonly<Record<string, string>>,
  ) => Promise<Shown>
}

export function visitor(url: string, login: string): Visitor {
  const cookie = `emulator_acting_as=${login}`
  const shown = async (response: Response): Promise<Shown> => ({
    status: response.status,
    text: await response.text(),
    headers: response.headers,
  })
  const open: Visitor['open'] = async (path, headers = {}) =>
    shown(await fetch(url + path, { headers: { cookie, ...headers }, redirect: 'manual' }))
  const post: Visitor['post'] = async (path, fields, headers = {}) =>
    shown(
      await fetch(url + path, {
        method: 'POST',
        body: new URLSearchParams(fields),
        headers: { cookie, origin: url, ...headers },
        redirect: 'manual',
      }),
    )
  return {
    open,
    post,
    send: async (on, action, fields = {}) => {
      const page = await open(on)
      const form = formOf(page.text, action)
      expect(form, `a form for ${action} on ${on}`).not.toBeNull()
      const answer = await post(action, { ...hiddenIn(form ?? ''), ...fields })
      const next = answer.headers.get('location')
      return next === null ? answer : open(next)
    },
  }
}

function formOf(page: string, action: string): string | null {
  const forms = [...page.matchAll(/<form\b[^]*?<\/form>/g)].map(([form]) => form)
  return forms.find((form) => form.includes(`action="${action}"`)) ?? null
}

function hiddenIn(form: string): Readonly<Record<string, string>> {
  const inputs = form.matchAll(/<input\s+type="hidden"\s+name="([^"]*)"\s+value="([^"]*)"/g)
  return Object.fromEntries([...inputs].map(([, name, value]) => [name, value]))
}
