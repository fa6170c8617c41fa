/**
 * Failpoints at every effect of the engine: each method of its ports can be met right before the call and right
 * after it, before anybody is told of the outcome. The one that is armed kills the process as a power cut would.
 */
import type { EngineDeps } from '../../src/engine/deps.ts'
import type { Fact } from '../../src/domain/fact.ts'
import type { NewFact } from '../../src/ports/store.ts'

/** `<port>.<method>[/<what it is about>]:<before|after>[:<n>]`, such as `store.settle/push:before:1`. */
export type Failpoint = string

export interface Failpoints {
  around(deps: EngineDeps): EngineDeps
  /** Kills at the n-th passage from now on; null: none. */
  arm(point: Failpoint | null): void
}

export function createFailpoints(): Failpoints {
  let armed: { readonly name: string; left: number } | null = null

  /** Resolves unless this is the end: nothing after it may happen then. */
  async function pass(method: string, about: readonly string[], when: 'before' | 'after') {
    const names = [`${method}:${when}`, ...about.map((one) => `${method}/${one}:${when}`)]
    if (armed === null || !names.includes(armed.name)) return
    armed.left -= 1
    if (armed.left > 0) return
    process.kill(process.pid, 'SIGKILL')
    await new Promise(() => {})
  }

  function watch<Port extends object>(port: string, real: Port): Port {
    return new Proxy(real, {
      get(target, key) {
        const value: unknown = Reflect.get(target, key)
        const name = `${port}.${String(key)}`
        if (typeof value === 'object' && value !== null) return watch(name, value)
        if (typeof value !== 'function') return value
        const method = value as (...args: readonly unknown[]) => unknown
        if (NO_EFFECT.has(name) || LISTENS.test(String(key))) return method.bind(target)
        return async (...args: readonly unknown[]) => {
          const about = aboutOf(name, args)
          await pass(name, about, 'before')
          const result = await method.apply(target, [...args])
          await pass(name, about, 'after')
          return result
        }
      },
    })
  }

  return {
    around: (deps) => ({
      ...deps,
      store: watch('store', deps.store),
      tracker: watch('tracker', deps.tracker),
      board: watch('board', deps.board),
      codeHost: watch('codeHost', deps.codeHost),
      git: watch('git', deps.git),
      workspace: watch('workspace', deps.workspace),
      agents: watch('agents', deps.agents),
    }),
    arm(point) {
      armed = point === null ? null : parse(point)
    },
  }
}

/** Of no consequence. */
const NO_EFFECT = new Set(['store.ping', 'store.close'])
/** Not asynchronous: it answers with how to stop. */
const LISTENS = /^on[A-Z]/

function parse(point: Failpoint): { readonly name: string; left: number } {
  const found = /^([a-zA-Z./-]+:(?:before|after))(?::(\d+))?$/.exec(point)
  if (found?.[1] === undefined) throw new Error(`not a failpoint: ${point}`)
  return { name: found[1], left: Number(found[2] ?? 1) }
}

/** Tells apart what one method is used for: which act, which surface, which facts. */
function aboutOf(name: string, args: readonly unknown[]): readonly string[] {
  if (name === 'store.append') {
    const [facts] = args as readonly [readonly NewFact[]]
    return facts.map(({ fact }) => kindOf(fact))
  }
  const one = oneOf(name, args)
  return one === null ? [] : [one]
}

function oneOf(name: string, args: readonly unknown[]): string | null {
  const [first, , third] = args as readonly unknown[] & readonly Arguments[]
  switch (name) {
    case 'store.commit':
      return first?.task?.state?.kind ?? null
    case 'store.begin':
    case 'store.settle':
    case 'store.defer':
      return (args[0] as string).split(':')[0] ?? null
    case 'store.finish':
      return third?.fact === undefined ? null : kindOf(third.fact.fact)
    case 'store.projections.intend':
      return surfaceOf(args[1] as string)
    case 'store.projections.done':
      return surfaceOf(first?.surface ?? '')
    case 'store.repositories.save':
      return first?.cursor === null
        ? 'seen'
        : first?.cursor === first?.firstSeen
          ? 'sight'
          : 'cursor'
    case 'tracker.createComment':
      return third?.marker?.startsWith('status:') === true ? 'status' : 'notice'
    case 'tracker.setFamilyLabel':
      return third?.wanted === null ? 'none' : (third?.wanted?.name?.split(':')[1] ?? null)
    default:
      return null
  }
}

/** The parts of arguments that names are made of. */
interface Arguments {
  readonly task?: { readonly state?: { readonly kind?: string } }
  readonly surface?: string
  readonly cursor?: number | null
  readonly firstSeen?: number
  readonly marker?: string
  readonly fact?: NewFact
  readonly wanted?: { readonly name?: string } | null
}

function kindOf(fact: Fact): string {
  return fact.kind === 'attempt-ended' ? `ended-${fact.report.end.kind}` : fact.kind
}

const surfaceOf = (surface: string): string => surface.split(':')[0] ?? surface
