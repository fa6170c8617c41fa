/** The requests about one board: checked, page by page, the same for an organisation's and a person's. */
import type { Octokit } from '@octokit/rest'
import * as z from 'zod'
import type { BoardAt } from '../../ports/board.ts'
import { WorldFault } from '../../ports/fault.ts'
import { PER_PAGE } from '../pages.ts'
import type { Door } from './doors.ts'

type Parameters = Readonly<Record<string, unknown>>

/** Beyond this a board is read in part: two thousand cards. */
const MOST_PAGES = 20

export function addressed(door: Door, at: BoardAt, rest: string) {
  const url = `${door.root}/projectsV2/{project}${rest}`
  return { url, owner: at.owner, project: at.project } as const
}

export async function get<T>(
  octokit: Octokit,
  address: Parameters & { readonly url: string },
  answer: z.ZodType<T>,
): Promise<T> {
  const { data } = await octokit.request({ method: 'GET', ...address })
  return checked(data, answer, address.url)
}

/** Every item of every page; an address from an answer is never followed, only the cursor in it is read (T40). */
export async function pages<T>(
  octokit: Octokit,
  address: Parameters & { readonly url: string },
  answer: z.ZodType<readonly T[]>,
): Promise<{ readonly items: readonly T[]; readonly requests: number; readonly more: boolean }> {
  const items: T[] = []
  let after: string | null = null
  for (let page = 1; page <= MOST_PAGES; page += 1) {
    const at: Parameters = { ...address, per_page: PER_PAGE, ...(after === null ? {} : { after }) }
    const response = await octokit.request({ method: 'GET', url: address.url, ...at })
    items.push(...checked(response.data, answer, address.url))
    after = cursorIn(response.headers.link)
    if (after === null) return { items, requests: page, more: false }
  }
  return { items, requests: MOST_PAGES, more: true }
}

export function checked<T>(data: unknown, answer: z.ZodType<T>, url: string): T {
  const parsed = answer.safeParse(data)
  if (parsed.success) return parsed.data
  throw new WorldFault(
    `GitHub's answer about the project has an unexpected shape: ${z.prettifyError(parsed.error)}`,
    { kind: 'transient', applied: 'no', operation: url },
  )
}

function cursorIn(link: string | undefined): string | null {
  const next = (link ?? '').split(',').find((part) => /rel="next"/.test(part))
  const [, url] = /<([^>]+)>/.exec(next ?? '') ?? []
  return url === undefined || !URL.canParse(url) ? null : new URL(url).searchParams.get('after')
}
