// A label in its own colour, with text of whichever of black and white reads better on it.
import { html } from 'hono/html'

type Html = ReturnType<typeof html>

type Shown = { readonly name: string; readonly color: string; readonly description?: string | null }

export function labelChip(label: Shown): Html {
  return html`<span
    class="label ${ink(label.color)}"
    style="--label:#${hex(label.color)}"
    title="${label.description ?? ''}"
    >${label.name}</span
  >`
}

export function labelLink(label: Shown, list: string): Html {
  return html`<a class="plain" href="${list}?label=${encodeURIComponent(label.name)}"
    >${labelChip(label)}</a
  >`
}

/** The emulator checks colours when they are set; nothing else may reach a style attribute. */
export function hex(color: string): string {
  return /^[0-9a-f]{6}$/i.test(color) ? color : 'ededed'
}

/** White wherever it reaches a contrast of 4.5 (a relative luminance of 0.1834), else black. */
function ink(color: string): 'dark-ink' | 'light-ink' {
  const channels = [0, 2, 4].map((at) => Number.parseInt(hex(color).slice(at, at + 2), 16) / 255)
  const [red = 0, green = 0, blue = 0] = channels.map((one) =>
    one <= 0.04045 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4,
  )
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.1834 ? 'dark-ink' : 'light-ink'
}
