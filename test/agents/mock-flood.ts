/** More than anybody could want to read, on one of our streams or into a program's input. */
import type { ChildProcess } from 'node:child_process'

export function flood(to: number | ChildProcess, block: string, times = Infinity): void {
  const stream =
    (typeof to === 'number' ? (to === 1 ? process.stdout : process.stderr) : to.stdin) ??
    process.stdout
  let n = 0
  const go = (): void => {
    while (n++ < times && stream.write(block)) if (n % 64 === 0) return void setImmediate(go)
    if (n < times) stream.once('drain', go)
  }
  stream.on('error', () => (typeof to === 'number' ? process.exit(1) : (n = times)))
  go()
}
