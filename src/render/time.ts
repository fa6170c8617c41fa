/** Moments and durations in the words that every surface uses. Always UTC: a maintainer and the operator may live anywhere. */
import type { Instant } from '../domain/ids.ts'

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** `04:10 UTC`, and the day where it is not today's. `now` null: the day is left out. */
export function sayMoment(at: Instant, now: Instant | null): string {
  const moment = new Date(at)
  const time = `${moment.toISOString().slice(11, 16)} UTC`
  if (now === null || sameDay(moment, new Date(now))) return time
  const day = `${moment.getUTCDate()} ${MONTHS[moment.getUTCMonth()] ?? ''}`
  const year = moment.getUTCFullYear()
  return `${time} on ${day}${year === new Date(now).getUTCFullYear() ? '' : ` ${year}`}`
}

const sameDay = (a: Date, b: Date): boolean =>
  a.toISOString().slice(0, 10) === b.toISOString().slice(0, 10)

/** `420 ms`, `3.2 s`, `45 s`, `1 min 5 s`, `12 min`, `1 h 5 min`. */
export function sayDuration(milliseconds: number): string {
  const span = Math.max(0, milliseconds)
  if (span < 999.5) return `${Math.round(span)} ms`
  if (span < 9_950) return `${(span / 1_000).toFixed(1)} s`
  if (span < 59_500) return `${Math.round(span / 1_000)} s`
  const seconds = Math.round(span / 1_000)
  if (seconds < 600) return pair(seconds, 'min', 's')
  const minutes = Math.round(span / 60_000)
  return minutes < 60 ? `${minutes} min` : pair(minutes, 'h', 'min')
}

function pair(count: number, large: string, small: string): string {
  const rest = count % 60
  return `${Math.floor(count / 60)} ${large}${rest === 0 ? '' : ` ${rest} ${small}`}`
}
