/** Reads a list to its end by counting pages: an address from an answer is never followed (T40). */

interface Page<T> {
  readonly items: readonly T[]
  /** The answer's `link` header. */
  readonly link: string | undefined
}

export const PER_PAGE = 100

// Octokit's own pagination takes a 409 for an empty page, and half a list must not pass for a whole one.
/** Every item of every page, in order. A failing page fails the whole. */
export async function allPages<T>(get: (page: number) => Promise<Page<T>>): Promise<readonly T[]> {
  const items: T[] = []
  for (let page = 1; ; page += 1) {
    const found = await get(page)
    items.push(...found.items)
    if (!hasNext(found.link)) return items
  }
}

export const hasNext = (link: string | undefined): boolean => /rel="next"/.test(link ?? '')
