/** How one process ended → the typed end of the attempt's agent part. Pure: everything it needs is in the evidence. */
import { isProviderFailure, type Failure, type Told } from '../domain/attempt.ts'
import type { Instant } from '../domain/ids.ts'
import { askedInWords } from '../domain/question.ts'
import type { Asked } from '../domain/question.ts'
import type { AgentOutcome } from '../ports/agent.ts'
import type { JailExit } from '../ports/jail.ts'
import type { Turn, TurnEnd } from './acp/dialogue.ts'
import type { Ending } from './acp/story.ts'
import { BOUNDS } from './bounds.ts'
import { classifyFailure, classifyWords, readUntil } from './classify.ts'
import { plain, plainLine } from './plain.ts'
import type { Heard } from './mcp/hear-tools.ts'
import type { ReportReading } from './report.ts'
import type { Handover } from './steer.ts'
import type { Limits, Overrun } from './watch.ts'

/** The protocol's own codes. */
const AUTH_REQUIRED = -32000
const INTERNAL_ERROR = -32603
/** EX_TEMPFAIL of sysexits: not done, and not failed. */
const PARKED = 75

export type End =
  | TurnEnd
  | { readonly kind: 'asked'; readonly question: Asked }
  | { readonly kind: 'overrun'; readonly overrun: Overrun }
  /** It left its checkpoint, or took too long over it. */
  | { readonly kind: 'handed' }
  /** It put out too much, or not the protocol. */
  | { readonly kind: 'too-much'; readonly words: string }
  | { readonly kind: 'aborted'; readonly reason: string }

export interface Evidence {
  readonly end: End
  readonly ending: Ending
  readonly exit: JailExit | null
  readonly stderr: string
  readonly report: ReportReading
  /** What it told through our tools. */
  readonly told: Pick<Heard, 'decisions' | 'discoveries' | 'brief'>
  readonly handover: Handover
  /** It had gone silent before, and was asked to go on. */
  readonly nudged: boolean
  readonly limits: Limits
  /** The program, as a person knows it. */
  readonly program: string
  readonly profile: string
  /** The prompt had been sent: what fails from then on may be the task's own doing. */
  readonly prompted: boolean
  /** By which the conversation may be taken up again; null: the agent cannot. */
  readonly session: string | null
  readonly now: Instant
}

export function judge(evidence: Evidence): AgentOutcome {
  const outcome = outcomeOf(evidence)
  const told = toldBy(evidence, outcome)
  return Object.keys(told).length === 0 ? outcome : { ...outcome, told }
}

/** A full context is no failure of what is to be done: another one goes on, with what is written down. */
function outcomeOf(evidence: Evidence): AgentOutcome {
  const { end, ending, handover, program, prompted } = evidence
  const { message: summary, usage } = ending
  const claims = end.kind === 'turn' && end.turn.stopReason === 'end_turn' && handover !== 'told'
  if (handover !== 'no' && !claims && !['asked', 'aborted', 'too-much'].includes(end.kind)) {
    const error = `The context of ${program} was nearly full.`
    return { kind: 'handoff', error, summary, usage }
  }
  const outcome = judgeEnd(evidence)
  return outcome.kind === 'failed' && outcome.failure === 'context' && prompted
    ? { kind: 'handoff', error: outcome.error, summary, usage }
    : outcome
}

function toldBy({ told, report, handover, ending }: Evidence, { kind }: AgentOutcome): Told {
  const written = report.kind === 'report' ? report.report : null
  const decisions = once([...told.decisions(), ...(written?.decisions ?? [])])
  const discoveries = once([...told.discoveries(), ...(written?.discoveries ?? [])])
  // Without our tools it answers in words.
  const brief = told.brief() ?? (kind === 'handoff' && handover === 'told' ? ending.message : '')
  return {
    ...(decisions.length > 0 ? { decisions } : {}),
    ...(discoveries.length > 0 ? { discoveries } : {}),
    ...(brief === '' ? {} : { brief }),
  }
}

const once = (lines: readonly string[]): readonly string[] =>
  [...new Set(lines.map((line) => plainLine(line, BOUNDS.line)))].slice(-BOUNDS.tellings)

function judgeEnd(evidence: Evidence): AgentOutcome {
  const { end, ending, program } = evidence
  const { usage } = ending
  switch (end.kind) {
    case 'handed':
      throw new Error('nobody asked for a checkpoint, and one ended the attempt')
    case 'turn':
      return judgeTurn(evidence, end.turn)
    case 'asked':
      return needs(evidence, end.question, ending.message)
    case 'aborted':
      return { kind: 'stopped', reason: end.reason, session: evidence.session, usage }
    case 'too-much':
      return failed(evidence, 'protocol', `${program} was ended because it ${end.words}.`)
    case 'overrun':
      return judgeOverrun(evidence, end.overrun)
    case 'closed':
      return judgeCrash(evidence)
    case 'model':
    case 'mode':
      return failed(
        evidence,
        'protocol',
        `${program} cannot be used as the profile ${evidence.profile} wants: ${end.words}. Correct \`${end.kind}\` in the operator's settings.`,
      )
    case 'rejected': {
      const otherwise = end.code === INTERNAL_ERROR ? 'crash' : 'protocol'
      const failure = end.code === AUTH_REQUIRED ? 'auth' : (classifyWords(end.words) ?? otherwise)
      return failed(
        evidence,
        failure,
        `${program} answered ${end.step} with an error: ${end.words}`,
      )
    }
  }
}

function judgeTurn(evidence: Evidence, turn: Turn): AgentOutcome {
  const { ending, program } = evidence
  if (turn.failure) return failed(evidence, classifyFailure(turn.failure), turn.failure.text)
  if (ending.failure) return failed(evidence, classifyFailure(ending.failure), ending.failure.text)
  // It says so on purpose, of the task as it stands: asking the same again would get the same answer.
  if (turn.note && 'refused' in turn.note) return failed(evidence, 'refusal', turn.note.refused)
  switch (turn.stopReason) {
    case 'end_turn':
      return judgeClaim(evidence, turn)
    case 'refusal':
      return failed(evidence, 'refusal', saying(`${program} refused the task`, ending.message))
    case 'max_tokens':
      return failed(evidence, 'context', `${program} reached its model's limit of tokens.`)
    case 'max_turn_requests':
      return failed(evidence, 'budget', `${program} reached its own limit of requests in one turn.`)
    default:
      return failed(
        evidence,
        'protocol',
        saying(
          `${program} ended its turn as "${plain(turn.stopReason, 40)}", unasked`,
          ending.message,
        ),
      )
  }
}

/** `end_turn` is only a claim; the words may say otherwise. */
function judgeClaim(evidence: Evidence, turn: Turn): AgentOutcome {
  const { ending, report } = evidence
  const { usage } = ending
  const told = report.kind === 'report' ? report.report : null
  const question = turn.note && 'needs' in turn.note ? turn.note.needs : told?.question
  const summary = summarise(evidence)
  if (question !== undefined) return needs(evidence, question, summary)
  const words = told === null ? complaint(ending.message) : null
  return words === null ? { kind: 'done', summary, usage } : failed(evidence, words, ending.message)
}

/**
 * A last message that is nothing but a provider's error. Anchored and short, because an honest summary may well speak
 * of rate limits; to take that for the provider's fault would pause the profile for everybody.
 */
function complaint(message: string): Failure | null {
  const opening =
    /^(api error|error\b|request failed|prompt is too long|invalid api key|credit balance|you've (hit|reached)|claude (ai )?usage limit|not logged in|please run \/login)/i
  return message.length <= 600 && opening.test(message) ? classifyWords(message) : null
}

function needs({ ending, session }: Evidence, asked: Asked, summary: string): AgentOutcome {
  const question = {
    text: plain(asked.text, BOUNDS.question),
    options: asked.options.map((option) => plainLine(option, BOUNDS.line)),
    recommended: asked.recommended,
  }
  return { kind: 'needs', question, session, summary, usage: ending.usage }
}

function summarise({ report, ending }: Evidence): string {
  if (report.kind === 'none') return ending.message
  if (report.kind === 'unusable')
    return [ending.message, `(Its report.json was not read: ${report.why}.)`]
      .filter((part) => part !== '')
      .join('\n\n')
  return plain(report.report.summary, BOUNDS.summary)
}

function judgeOverrun(evidence: Evidence, overrun: Overrun): AgentOutcome {
  const { program, limits, nudged } = evidence
  const again = nudged ? ', also after it was asked to go on' : ''
  switch (overrun) {
    case 'start':
      return failed(
        evidence,
        'stall',
        `${program} did not answer within ${duration(limits.startMilliseconds)} of its start.`,
      )
    case 'first':
      return failed(
        evidence,
        'stall',
        `${program} gave no sign of life for ${duration(Math.min(limits.firstMilliseconds, limits.stallMilliseconds))} after it was given the task${again}.`,
      )
    case 'stall':
      return failed(
        evidence,
        'stall',
        `${program} gave no sign of life for ${duration(limits.stallMilliseconds)}${again}.`,
      )
    case 'wall':
      return failed(
        evidence,
        'timeout',
        `${program} was not done after ${duration(limits.wallMilliseconds)}.`,
      )
  }
}

function judgeCrash(evidence: Evidence): AgentOutcome {
  const { program, profile, exit, stderr, prompted, ending, report } = evidence
  // How a program without a protocol for questions says that it waits for a person.
  if (exit?.code === PARKED) {
    const told = report.kind === 'report' ? report.report.question : undefined
    return needs(evidence, told ?? askedInWords(ending.message), summarise(evidence))
  }
  if (exit?.code === 127 && !prompted)
    return failed(
      evidence,
      'program',
      `The program ${program} of the profile ${profile} could not be started. Install it where Yardmaster runs, so that it is found on PATH, or correct the profile's \`command\` in the operator's settings.`,
    )
  if (ending.failure) return failed(evidence, classifyFailure(ending.failure), ending.failure.text)
  // Before the prompt its own words name the cause; afterwards stderr may be the task's own noise, and to blame the
  // provider for that would let a poisoned task pause the profile for ever.
  const failure = prompted ? null : classifyWords(stderr)
  return failed(
    evidence,
    failure ?? 'crash',
    `${program} ${exitWords(exit)} before its turn ended.`,
  )
}

function exitWords(exit: JailExit | null): string {
  if (exit === null) return 'closed its output'
  if (exit.signal !== null) return `was ended by ${exit.signal}`
  return `exited with code ${exit.code ?? 'unknown'}`
}

/** Every failure carries the last lines of stderr: they are what a person would look for. */
function failed(evidence: Evidence, failure: Failure, words: string): AgentOutcome {
  const { stderr, now, ending } = evidence
  const text = words === '' ? `It failed (${failure}) without a word.` : words
  const error = stderr === '' ? text : `${text}\nIts last lines on stderr:\n${stderr}`
  return {
    kind: 'failed',
    failure,
    error: plain(error, BOUNDS.error),
    until: isProviderFailure(failure) ? readUntil(text, now) : null,
    session: evidence.session,
    usage: ending.usage,
  }
}

const saying = (what: string, message: string): string =>
  message === '' ? `${what}.` : `${what}: ${message}`

function duration(milliseconds: number): string {
  if (milliseconds < 1_000) return `${milliseconds} ms`
  const seconds = Math.round(milliseconds / 1_000)
  return seconds < 120 ? `${seconds} s` : `${Math.round(seconds / 60)} minutes`
}
