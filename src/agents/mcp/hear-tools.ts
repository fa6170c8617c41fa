/** What one attempt told through our tools, bounded. It is open for as long as the attempt is: what comes later changes nothing. */
import type { Asked } from '../../domain/question.ts'
import { BOUNDS } from '../bounds.ts'
import { plain, plainLine } from '../plain.ts'
import type { Report } from '../report-format.ts'
import type { ReportReading } from '../report.ts'

export interface ToolHandlers {
  /** False: the attempt has ended, and its token with it. */
  readonly isOpen: () => boolean
  /** The attempt ends with it: the call is never answered in this life of the agent. */
  readonly onAsk: (asked: Asked) => void
  /** The newest counts. */
  readonly onReport: (report: Report) => void
  readonly onProgress: (message: string) => void
  /** False: it told so many already that nobody would read one more. */
  readonly onDecision: (text: string) => boolean
  readonly onDiscovery: (text: string) => boolean
  /** The newest counts. */
  readonly onCheckpoint: (brief: string) => void
  /** Everything that comes in, for whoever bounds what an agent puts out. */
  readonly onBytes: (count: number) => void
}

export interface Heard {
  readonly handlers: ToolHandlers
  report(): ReportReading
  decisions(): readonly string[]
  discoveries(): readonly string[]
  /** Null: it left no checkpoint. */
  brief(): string | null
}

/** Of an agent without our tools. */
export const NOTHING_TOLD: Omit<Heard, 'handlers'> = {
  report: () => ({ kind: 'none' }),
  decisions: () => [],
  discoveries: () => [],
  brief: () => null,
}

type Given = Pick<ToolHandlers, 'isOpen' | 'onAsk' | 'onProgress' | 'onBytes'> & {
  /** After it was kept. */
  readonly onCheckpoint: () => void
}

export function hearTools({ onCheckpoint, ...given }: Given): Heard {
  const decisions: string[] = []
  const discoveries: string[] = []
  let report: ReportReading = { kind: 'none' }
  let brief: string | null = null
  return {
    handlers: {
      ...given,
      onReport: (told) => (report = { kind: 'report', report: told }),
      onDecision: (text) => keep(decisions, text),
      onDiscovery: (text) => keep(discoveries, text),
      onCheckpoint(text) {
        brief = plain(text, BOUNDS.brief)
        onCheckpoint()
      },
    },
    report: () => report,
    decisions: () => decisions,
    discoveries: () => discoveries,
    brief: () => brief,
  }
}

function keep(list: string[], text: string): boolean {
  if (list.length >= BOUNDS.tellings) return false
  list.push(plainLine(text, BOUNDS.line))
  return true
}
