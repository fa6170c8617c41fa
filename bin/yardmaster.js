#!/usr/bin/env node
// Plain JavaScript on purpose: it must start under whatever Node the machine has, to find the one that can run us.
import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { existsSync } from 'node:fs'
import module from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const WANTED = 24
const root = dirname(dirname(fileURLToPath(import.meta.url)))
const cli = join(root, 'src', 'cli', 'yardmaster.ts')
const own = join(root, 'node_modules', 'node', 'bin', 'node')

if (Number(process.versions.node.split('.')[0]) >= WANTED) {
  process.argv[1] = cli
  // Beside the program, where nobody but its owner may write. Halves the 0.7 s of a processor that loading it takes.
  module.enableCompileCache(join(root, 'node_modules', '.cache', 'node'))
  await import(cli)
} else if (existsSync(own)) {
  passOn(spawn(own, [cli, ...process.argv.slice(2)], { stdio: 'inherit' }))
} else {
  complain(
    `Yardmaster needs Node ${WANTED} or newer; this is ${process.version}. ` +
      `Run \`npm ci\` in ${root} (it brings a Node of its own), or install Node ${WANTED} from https://nodejs.org.`,
  )
  process.exitCode = 1
}

/** @param {string} words */
function complain(words) {
  process.stderr.write(`${words}\n`)
}

/** The child is us: it gets our signals, and we end as it does. @param {import('node:child_process').ChildProcess} child */
function passOn(child) {
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
    process.on(signal, () => child.kill(signal))
  }
  child.once('error', (error) => {
    complain(`${own} could not be started: ${error.message}`)
    process.exitCode = 1
  })
  child.once('exit', (code, signal) => {
    process.exit(code ?? 128 + (signal === null ? 0 : constants.signals[signal]))
  })
}
