/**
 * How long this thread computes between two turns of its loop: the lag that we cause ourselves. The clock on the wall
 * would also count what the other programs of a busy machine take.
 */

const milliseconds = ({ user, system }: NodeJS.CpuUsage): number => (user + system) / 1_000

/** Watches until the returned function is called, which gives the longest turn in milliseconds. */
export function watchTurns(): () => number {
  let longest = 0
  let before = process.threadCpuUsage()
  const timer = setInterval(() => {
    longest = Math.max(longest, milliseconds(process.threadCpuUsage(before)))
    before = process.threadCpuUsage()
  }, 1)
  return () => {
    clearInterval(timer)
    return Math.max(longest, milliseconds(process.threadCpuUsage(before)))
  }
}
