// Whether an issue or pull request is open, in a word, a colour and a drawing.
import { html } from 'hono/html'
import type { Issue } from '../../world/issue.ts'
import { icon, type IconName } from './icons.ts'

type Html = ReturnType<typeof html>

type Shown = { readonly word: string; readonly tone: string; readonly icon: IconName }

export function stateOf({ pull, state, stateReason }: Issue): Shown {
  if (pull !== null) {
    if (pull.merged) return { word: 'Merged', tone: 'done', icon: 'merged' }
    if (state === 'closed') return { word: 'Closed', tone: 'bad', icon: 'pull' }
    if (pull.draft) return { word: 'Draft', tone: 'idle', icon: 'pull' }
    return { word: 'Open', tone: 'good', icon: 'pull' }
  }
  if (state === 'open') return { word: 'Open', tone: 'good', icon: 'open' }
  return stateReason === 'completed' || stateReason === null
    ? { word: 'Closed', tone: 'done', icon: 'closed' }
    : { word: 'Closed as not planned', tone: 'idle', icon: 'dropped' }
}

export function stateBadge(issue: Issue): Html {
  const state = stateOf(issue)
  return html`<span class="state ${state.tone}">${icon(state.icon)} ${state.word}</span>`
}

/** For lists, where the colour alone would tell nothing to who cannot see it. */
export function stateIcon(issue: Issue): Html {
  const state = stateOf(issue)
  return html`<span class="tone ${state.tone}" title="${state.word}"
    >${icon(state.icon)}<span class="unseen">${state.word}</span></span
  >`
}
