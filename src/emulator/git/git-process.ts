// The small process of spawn-elsewhere.ts: runs git as it is told to, and ends when nobody can tell it any more.
import { spawn } from 'node:child_process'
import type { Answer, Ran, Request, Wanted } from './spawn-elsewhere.ts'

const TIME_LIMIT_MS = 60_000
const OUTPUT_LIMIT = 64 * 1024 * 1024

process.on('disconnect', () => process.exit(0))
process.on('message', ({ id, wanted }: Request) => {
  run(wanted).then(
    (ran) => answer({ id, ran }),
    (error: unknown) =>
      answer({ id, error: error instanceof Error ? error.message : String(error) }),
  )
})

function answer(given: Answer): void {
  process.send?.(given)
}

async function run({ dir, args, env, input }: Wanted): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const child = spawn('git', args, {
      cwd: dir,
      env,
      timeout: TIME_LIMIT_MS,
      stdio: ['pipe', 'pipe', 'pipe'],
    })
    const out: Buffer[] = []
    const err: Buffer[] = []
    let size = 0
    child.stdout.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size > OUTPUT_LIMIT) child.kill('SIGKILL')
      else out.push(chunk)
    })
    child.stderr.on('data', (chunk: Buffer) => err.push(chunk))
    child.on('error', reject)
    // git may exit before it has read its input (a bad argument); that shows in its exit code.
    child.stdin.on('error', () => {})
    child.stdin.end(input)
    child.on('close', (status) => {
      resolve({ code: status ?? 128, stdout: Buffer.concat(out), stderr: Buffer.concat(err) })
    })
  })
}
