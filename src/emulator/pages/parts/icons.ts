// A few small drawings, in the colour of the text around them; they say nothing that words do not.
import { html, raw } from 'hono/html'

type Html = ReturnType<typeof html>

const SHAPES = {
  open: '<circle cx="8" cy="8" r="6.2"/><circle cx="8" cy="8" r="1.6" fill="currentColor" stroke="none"/>',
  closed: '<circle cx="8" cy="8" r="6.2"/><path d="M5.2 8.2l2 2 3.7-4.2"/>',
  dropped: '<circle cx="8" cy="8" r="6.2"/><path d="M3.8 12.2l8.4-8.4"/>',
  pull: '<circle cx="4" cy="3.6" r="1.7"/><circle cx="4" cy="12.4" r="1.7"/><circle cx="12" cy="12.4" r="1.7"/><path d="M4 5.4v5.2M12 10.6V6.2c0-1.2-.8-2-2-2H7.6M9 2.4L7.2 4.2 9 6"/>',
  merged:
    '<circle cx="4.2" cy="3.6" r="1.7"/><circle cx="4.2" cy="12.4" r="1.7"/><circle cx="12" cy="8.4" r="1.7"/><path d="M4.2 5.4v5.2M4.4 5.6c.6 1.8 2.8 2.8 5.8 2.8"/>',
  book: '<path d="M3 2.8h9.4v10.6H4.2c-.8 0-1.3-.5-1.3-1.2s.5-1.2 1.3-1.2h8.2M3 2.8v9.4"/>',
  folder: '<path d="M1.8 12.6V3.6h4.4l1.4 1.6h6.6v7.4z" fill="currentColor" fill-opacity=".35"/>',
  file: '<path d="M3.6 1.8h5.6l3.2 3.2v9.2H3.6zM9 2v3.2h3.2"/>',
  commit: '<circle cx="8" cy="8" r="2.8"/><path d="M1.4 8h3.8M10.8 8h3.8"/>',
  tag: '<path d="M2 2h5.6l6.4 6.4-5.6 5.6L2 7.6z"/><circle cx="5" cy="5" r=".9"/>',
  eye: '<path d="M1.4 8s2.4-4.4 6.6-4.4S14.6 8 14.6 8s-2.4 4.4-6.6 4.4S1.4 8 1.4 8z"/><circle cx="8" cy="8" r="1.8"/>',
  pen: '<path d="M2.4 13.6l.8-3 7.8-7.8 2.2 2.2-7.8 7.8z"/>',
  person: '<circle cx="8" cy="5" r="2.8"/><path d="M2.6 14c.4-3 2.6-4.6 5.4-4.6S13 11 13.4 14"/>',
  gear: '<circle cx="8" cy="8" r="2.2"/><path d="M8 1.6v2.2M8 12.2v2.2M1.6 8h2.2M12.2 8h2.2M3.5 3.5L5 5M11 11l1.5 1.5M12.5 3.5L11 5M5 11l-1.5 1.5"/>',
  lock: '<rect x="3" y="7" width="10" height="7" rx="1.2"/><path d="M5 7V5a3 3 0 0 1 6 0v2"/>',
  comment: '<path d="M1.8 2.8h12.4v8H8l-3.2 2.8v-2.8h-3z"/>',
  board:
    '<rect x="1.8" y="2.4" width="12.4" height="11.2" rx="1.4"/><path d="M6 2.6v8.2M10.2 2.6v5"/>',
  pin: '<path d="M5.4 2h5.2l-.6 5 2 2H4l2-2zM8 9.2V14"/>',
  branch:
    '<circle cx="4.4" cy="3.4" r="1.6"/><circle cx="4.4" cy="12.6" r="1.6"/><circle cx="11.6" cy="5" r="1.6"/><path d="M4.4 5v6M11.6 6.6c0 2.4-4.4 2-7 4"/>',
} as const

export type IconName = keyof typeof SHAPES

export function icon(name: IconName): Html {
  return html`<svg
    class="icon"
    viewBox="0 0 16 16"
    width="16"
    height="16"
    fill="none"
    stroke="currentColor"
    stroke-width="1.5"
    stroke-linecap="round"
    stroke-linejoin="round"
    aria-hidden="true"
  >
    ${raw(SHAPES[name])}
  </svg>`
}
