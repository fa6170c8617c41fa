/**
 * The reconciler in a process of its own over the embedded store: filled in one life, measured in another. Settings come
 * as JSON on stdin; what a pass cost goes out as one line.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { text } from 'node:stream/consumers'
import { generateKeyPairSync } from 'node:crypto'
import { createSecrets } from '../src/policy/secrets/secrets.ts'
import { opened } from '../src/domain/review.ts'
import { UNSTEERED } from '../src/domain/task.ts'
import { emptyReport } from '../src/domain/attempt.ts'
import { installationId, instant, issueId, repoId, sha, taskId } from '../src/domain/ids.ts'
import type { Task } from '../src/domain/task.ts'
import { createPolicyReader } from '../src/engine/deps.ts'
import { startReconciler } from '../src/engine/reconcile.ts'
import { createGitHub } from '../src/github/create-github.ts'
import type { Log } from '../src/ports/log.ts'
import type { Store } from '../src/ports/store.ts'
import { openEmbedded } from '../src/store/embedded.ts'
import { systemClock } from '../src/system/clock.ts'
import { createHeads } from '../src/engine/heads.ts'

interface Settings {
  readonly folder: string
  readonly fill: boolean
  readonly tasks: number
  readonly repositories: number
  readonly github: string
}

/** What a middling run of checks prints: 12 KB. */
const LOG = 'ok 1 - it parses dates with a zone\n'.repeat(340)

const settings: Settings = JSON.parse(await text(process.stdin))
/** A pass that stumbles over something is no pass. */
const complain = (fields: object, message: string): void => {
  console.error(message, fields)
  process.exitCode = 1
}
const log: Log = { debug: () => {}, info: complain, warn: complain, error: complain }
const store = await openEmbedded({ folder: settings.folder, clock: systemClock, log })
try {
  if (settings.fill) await fill(store)
  else process.stdout.write(`${JSON.stringify(await measure(store))}\n`)
} finally {
  await store.close()
}

async function fill(into: Store): Promise<void> {
  const now = systemClock.now()
  for (let repo = 1; repo <= settings.repositories; repo += 1) {
    await into.repositories.save(
      {
        id: repoId(repo),
        owner: 'ana',
        name: `r-${repo}`,
        installation: installationId(1),
        defaultBranch: 'main',
        firstSeen: instant(1),
        head: null,
        config: null,
        cursor: now,
        gone: null,
        foundLabelled: [],
      },
      [],
    )
    for (let number = 1; number <= settings.tasks / settings.repositories; number += 1) {
      const task = taskOf(repo, number)
      await into.rebuild.restore({
        task,
        attempts: [],
        ledger: [],
        surfaces: [],
        acts: [],
        snapshot: null,
      })
    }
  }
}

/** As they are in the morning: most wait for review, with the evidence of a middling run. */
function taskOf(repo: number, number: number): Task {
  const issue = issueId(repo * 100_000 + number)
  const now = systemClock.now()
  const head = sha('a'.repeat(40))
  const pull = { number: 50_000 + number, url: `https://github.example/pull/${number}`, head }
  const reviewed = number % 3 > 0
  const result = { command: 'npm test', exitCode: 0, milliseconds: 9_000, output: LOG }
  return {
    id: taskId(repoId(repo), issue),
    repo: repoId(repo),
    issue,
    number,
    title: `Issue ${number}`,
    version: 0,
    state: reviewed ? { kind: 'in-review', pull } : { kind: 'queued' },
    wish: {
      by: { id: 7, login: 'ana', kind: 'person' },
      at: now,
      label: 'yardmaster',
      profile: null,
      snapshot: '0'.repeat(64),
    },
    edited: false,
    priority: 0,
    attempts: 1,
    epoch: 1,
    failures: 0,
    losses: 0,
    report: { ...emptyReport({ kind: 'completed' }, null), head, verify: [result] },
    redBase: null,
    pushed: reviewed ? head : null,
    pull: reviewed ? pull : null,
    ...UNSTEERED,
    review: reviewed ? { ...opened(now), checks: 'green', merges: 'clean' } : null,
    createdAt: now,
    changedAt: now,
  }
}

function highestMemory(): number {
  return Number(/VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? 0) / 1024
}

async function measure(from: Store) {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const github = createGitHub({
    secrets: createSecrets(),
    appId: 1,
    privateKey: privateKey.export({ type: 'pkcs1', format: 'pem' }).toString(),
    baseUrl: `${settings.github}/api/v3`,
    webUrl: settings.github,
    clock: systemClock,
    log,
    paceMilliseconds: 0,
    book: from.pace,
    instance: 'bench',
    allowed: null,
  })
  const { tracker, installations, counters } = github
  const workspace = { warm: async () => {} }
  const slug = 'yardmaster'
  const deps = { store: from, tracker, installations, clock: systemClock, log, slug }
  const reconciler = startReconciler(deps, {
    heads: createHeads({ ...deps, workspace }),
    policyOf: createPolicyReader(),
    leads: () => true,
    onRead: () => {},
  })
  // The first pass mints the tokens and reads the heads; what is measured is every other one.
  await reconciler.turn()
  const passes = 3
  // What opening the store took once is not what a pass takes: the kernel's high-water mark begins anew.
  writeFileSync('/proc/self/clear_refs', '5')
  const [cpu, requests, began] = [process.cpuUsage(), counters.requests, performance.now()]
  for (let pass = 0; pass < passes; pass += 1) await reconciler.turn()
  const spent = process.cpuUsage(cpu)
  await reconciler.stop()
  return {
    cpuSeconds: (spent.user + spent.system) / 1e6 / passes,
    seconds: (performance.now() - began) / 1_000 / passes,
    requests: (counters.requests - requests) / passes,
    facts: (await from.pending(1)).length,
    peakMiB: highestMemory(),
  }
}
