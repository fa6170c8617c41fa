/** Figures and their targets, and the table that shows them. */

export interface Figure {
  readonly name: string
  readonly value: number
  readonly unit: string
  readonly target: { readonly atMost: number } | { readonly atLeast: number }
  /** How it was measured, in a few words. */
  readonly how: string
}

export const met = ({ value, target }: Figure): boolean =>
  'atMost' in target ? value <= target.atMost : value >= target.atLeast

/** The value below which that share of the values lies. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN
}

export const median = (values: readonly number[]): number => quantile(values, 0.5)

export function printTable(figures: readonly Figure[]): void {
  const rows = figures.map((figure) => [
    met(figure) ? 'met' : 'MISSED',
    figure.name,
    `${round(figure.value)} ${figure.unit}`.trim(),
    'atMost' in figure.target ? `≤ ${figure.target.atMost}` : `≥ ${figure.target.atLeast}`,
    figure.how,
  ])
  const heads = ['', 'figure', 'measured', 'target', 'how']
  const widths = heads.map((head, at) =>
    Math.max(head.length, ...rows.map((row) => row[at]?.length ?? 0)),
  )
  for (const row of [heads, ...rows]) {
    console.log(
      row
        .map((cell, at) => cell.padEnd(widths[at] ?? 0))
        .join('  ')
        .trimEnd(),
    )
  }
}

export const round = (value: number): number =>
  Math.abs(value) >= 100 ? Math.round(value) : Math.round(value * 100) / 100
