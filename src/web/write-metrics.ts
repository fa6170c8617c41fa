/** Numbers in Prometheus' text format. Names and label values are ours alone: nothing of a stranger's is among them. */

export interface MetricFamily {
  /** Such as `tasks`; the prefix `yardmaster_` is added. */
  readonly name: string
  readonly help: string
  readonly type: 'counter' | 'gauge'
  readonly samples: readonly {
    readonly labels?: Readonly<Record<string, string>>
    readonly value: number
  }[]
}

export function writeMetrics(families: readonly MetricFamily[]): string {
  return families
    .flatMap(({ name, help, type, samples }) => [
      `# HELP yardmaster_${name} ${help}`,
      `# TYPE yardmaster_${name} ${type}`,
      ...samples.map((sample) => `yardmaster_${name}${labelText(sample.labels)} ${sample.value}`),
    ])
    .map((line) => `${line}\n`)
    .join('')
}

function labelText(labels: Readonly<Record<string, string>> = {}): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}=${JSON.stringify(value)}`)
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`
}
