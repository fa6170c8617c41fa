// Reactions under what somebody said: how many of each, one's own to take back, and more to choose.
import { html } from 'hono/html'
import { notFound } from '../../world/refusal.ts'
import { type Reaction, type ReactionContent, REACTIONS } from '../../world/issue.ts'
import { textOf, tokenField, type Html, type Visit } from '../visit.ts'

const FACES: Readonly<Record<ReactionContent, string>> = {
  '+1': '👍',
  '-1': '👎',
  laugh: '😄',
  confused: '😕',
  heart: '❤️',
  hooray: '🎉',
  rocket: '🚀',
  eyes: '👀',
}

/** `at`: where a reaction is sent; without one, or without a person, they are only shown. */
export function reactionRow(
  visit: Visit,
  all: readonly Reaction[],
  at: string | null,
): Html | string {
  const groups = [...Map.groupBy(all, (one) => one.content)]
  if (visit.me === null || at === null) {
    if (all.length === 0) return ''
    return html`<footer class="reactions">
      ${groups.map(([content, given]) => chip(content, given))}
    </footer>`
  }
  const { login } = visit.me
  const missing = REACTIONS.filter((content) => !groups.some(([known]) => known === content))
  return html`<footer class="reactions">
    <form method="post" action="${at}">
      ${tokenField(visit)}
      ${groups.map(
        ([content, given]) =>
          html`<button
            class="reaction"
            name="content"
            value="${content}"
            aria-pressed="${hasReacted(given, { content, login })}"
            aria-label="${content}, ${given.length}: ${names(given)}"
            title="${content}: ${names(given)}"
          >
            ${FACES[content]} ${given.length}
          </button>`,
      )}
      <details class="react">
        <summary title="Add a reaction"><span class="unseen">Add a reaction</span>☺</summary>
        <p>
          ${missing.map(
            (content) =>
              html`<button
                class="plain"
                name="content"
                value="${content}"
                aria-label="React with ${content}"
              >
                ${FACES[content]}
              </button>`,
          )}
        </p>
      </details>
    </form>
  </footer>`
}

export function hasReacted(
  all: readonly Reaction[],
  given: { readonly content: ReactionContent; readonly login: string },
): boolean {
  return all.some((one) => one.content === given.content && one.user.login === given.login)
}

export function reactionOf(form: FormData): ReactionContent {
  const found = REACTIONS.find((one) => one === textOf(form, 'content'))
  if (found === undefined) throw notFound()
  return found
}

function chip(content: ReactionContent, given: readonly Reaction[]): Html {
  return html`<span class="reaction" title="${content}: ${names(given)}"
    >${FACES[content]} ${given.length}</span
  >`
}

function names(given: readonly Reaction[]): string {
  return given.map((one) => one.user.login).join(', ')
}
