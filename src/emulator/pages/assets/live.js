// Keeps the parts of a page that change by themselves as the server has them: asks for the page anew
// about once a second (304 while nothing changed) and swaps only the elements that differ. What a
// person is typing in, has selected or has unfolded is left as it is.
const PERIOD = 800
const FAILURES_TO_TELL = 3

/** What the server sent for each element, since the page itself changes its moments and folds. */
const sent = new WeakMap()
let tag = null
let failures = 0
let timer = 0

const regions = (root) => [...root.querySelectorAll('[data-live][id]')]
const actor = (root) => root.getElementById('acting-as')?.value
const startedAs = actor(document)
const keyOf = (element, at) => element.id || `at-${at}`

function remember(region) {
  for (const child of region.children) sent.set(child, child.outerHTML)
}

function isBusy(region) {
  const active = document.activeElement
  if (region.contains(active) && active.matches('input, textarea, select')) return true
  const selection = getSelection()
  if (selection && !selection.isCollapsed && region.contains(selection.anchorNode)) return true
  return isTyped(region)
}

function isTyped(region) {
  return [...region.querySelectorAll('input:not([type=hidden]), textarea')].some(
    (field) => field.value !== field.defaultValue || field.checked !== field.defaultChecked,
  )
}

/** Folds and focus pass from the old element to the new one. */
function inherit(old, made) {
  const folds = [...made.querySelectorAll('details')]
  old.querySelectorAll('details').forEach((fold, at) => {
    if (folds[at]) folds[at].open = fold.open
  })
  if (old.matches('details')) made.open = old.open
  if (!old.contains(document.activeElement)) return null
  const id = document.activeElement.id
  return id ? made.querySelector(`#${CSS.escape(id)}`) : null
}

function update(region, fresh) {
  const old = new Map([...region.children].map((child, at) => [keyOf(child, at), child]))
  let focus = null
  let cursor = region.firstElementChild
  ;[...fresh.children].forEach((child, at) => {
    const known = old.get(keyOf(child, at))
    const text = child.outerHTML
    let wanted = known
    if (!known || sent.get(known) !== text) {
      wanted = document.importNode(child, true)
      sent.set(wanted, text)
      if (known) {
        focus = inherit(known, wanted) ?? focus
        if (cursor === known) cursor = wanted
        known.replaceWith(wanted)
      }
      wanted.classList.add('fresh')
    }
    if (wanted === cursor) cursor = cursor.nextElementSibling
    else region.insertBefore(wanted, cursor)
  })
  while (cursor) {
    const next = cursor.nextElementSibling
    cursor.remove()
    cursor = next
  }
  focus?.focus()
  tellMoments(region)
}

/** Whether all regions could be brought up to date. */
function apply(text) {
  const fresh = new DOMParser().parseFromString(text, 'text/html')
  // Another tab has switched to somebody else: this page is theirs, unless something is typed here.
  if (actor(fresh) !== startedAs) {
    if (![...document.forms].some(isTyped)) location.reload()
    return false
  }
  document.title = fresh.title
  let complete = true
  for (const region of regions(document)) {
    const wanted = fresh.getElementById(region.id)
    if (!wanted) continue
    if (isBusy(region)) complete = false
    else update(region, wanted)
  }
  return complete
}

async function look() {
  clearTimeout(timer)
  if (document.hidden) return
  try {
    const headers = tag === null ? {} : { 'if-none-match': tag }
    const answer = await fetch(location.href, { headers, cache: 'no-store', redirect: 'error' })
    failures = 0
    if (answer.status === 200) {
      const complete = apply(await answer.text())
      tag = complete ? answer.headers.get('etag') : null
    }
  } catch {
    failures += 1
  }
  const stale = document.getElementById('stale')
  if (stale) stale.hidden = failures < FAILURES_TO_TELL
  timer = setTimeout(() => void look(), PERIOD)
}

const UNITS = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
]
const words = new Intl.RelativeTimeFormat('en', { numeric: 'auto' })

function tellMoments(root) {
  for (const time of root.querySelectorAll('time')) {
    const seconds = (Date.parse(time.dateTime) - Date.now()) / 1_000
    const [unit, length] = UNITS.find(([, size]) => Math.abs(seconds) >= size) ?? ['second', 1]
    const told =
      Math.abs(seconds) < 45 ? 'just now' : words.format(Math.round(seconds / length), unit)
    if (time.textContent !== told) time.textContent = told
  }
}

for (const region of regions(document)) remember(region)
tellMoments(document)
setInterval(() => tellMoments(document), 15_000)
// By the document, since cards come and go.
document.addEventListener('change', ({ target }) => {
  if (target.form?.hasAttribute('data-submit-on-change')) target.form.requestSubmit()
})
// Ctrl+Enter sends what is typed, as on GitHub.
document.addEventListener('keydown', (event) => {
  if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return
  const field = event.target
  if (!(field instanceof HTMLTextAreaElement) || field.form === null) return
  field.form.requestSubmit(field.form.querySelector('button.primary'))
})
document.addEventListener('visibilitychange', () => void look())
if (regions(document).length > 0) timer = setTimeout(() => void look(), PERIOD)
