/**
 * The product's GitHub client with Octokit's wire taken out: each call passes the real governor, meets the simulated
 * network, and its failures are classified by the product's own code. The adapters above it are the real ones.
 */
import { NotModified } from '../../src/github/client.ts'
import type { Client, Going } from '../../src/github/client.ts'
import { checkTimely } from '../../src/github/timely.ts'
import { classify, limitOf } from '../../src/github/errors.ts'
import type { Governor } from '../../src/github/governor.ts'
import type { SimProcess } from '../process.ts'
import { boardRoute } from './board.ts'
import type { Hub } from './hub.ts'
import type { Limits } from './limits.ts'
import type { Network, Reply } from './network.ts'
import { answerQuery } from './queries.ts'
import { ROUTES } from './routes.ts'
import type { Answer, Params } from './routes.ts'

export interface SimClientOptions {
  readonly hub: Hub
  readonly network: Network
  readonly process: SimProcess
  readonly governorOf: (installation: number) => Governor
  readonly limitsOf: (installation: number) => Limits
  readonly tell: (line: string) => void
}

interface Asked {
  readonly operation: string
  readonly effect: 'read' | 'edit' | 'create'
  readonly resource: 'core' | 'graphql'
  readonly installation: number
  readonly answer: () => Answer
  readonly going: Going | null
}

type Respond = (params: Params) => Promise<Answer>

export function createSimClient(options: SimClientOptions): Client {
  const { hub } = options

  async function ask(asked: Asked): Promise<Answer> {
    const { operation, effect, resource, going } = asked
    if (effect !== 'read' && going === null)
      throw new Error(`${operation} is a write, and nobody said how late it may go out`)
    const governor = options.governorOf(asked.installation)
    const described = { operation, effect, resource, lane: going?.lane ?? 'act' }
    return await governor.run(described, operation, async () => {
      if (going !== null) checkTimely(going.notAfter, operation, options.process.clock)
      const limits = options.limitsOf(asked.installation)
      const counted = resource === 'core'
      const call = { effect, limits, counted, obey: asked.answer }
      const reply = await options.network.exchange(options.process, call)
      options.tell(`${options.process.name}: ${operation} ${wordOf(reply)}`)
      return await settle(reply, asked, governor)
    })
  }

  async function settle(reply: Reply, asked: Asked, governor: Governor): Promise<Answer> {
    if (reply.kind === 'replied') {
      const headers = reply.answer.headers ?? {}
      governor.answered(asked.resource, headers)
      return { data: reply.answer.data, headers }
    }
    const { failure } = reply
    const limit = limitOf(failure)
    if (limit !== null)
      throw classify(failure, asked, await governor.refused(asked.resource, failure.headers, limit))
    if (failure.status !== null) governor.answered(asked.resource, failure.headers)
    if (failure.status === 304) throw new NotModified()
    throw classify(failure, asked, null)
  }

  /** Answers `rest.<room>.<method>(params)` and `request({ query, variables })`, which is all that the adapters use. */
  function connect(installation: number, going: Going | null): unknown {
    const rest = (room: string, method: string): Respond => {
      const route = ROUTES[`${room}.${method}`]
      if (route === undefined) throw new Error(`nobody has taught the simulation ${room}.${method}`)
      const { operation, effect } = route
      return (params) =>
        ask({
          operation,
          effect,
          resource: 'core',
          installation,
          answer: () => route.answer(hub, params),
          going,
        })
    }
    const request = (params: Params): Promise<Answer> => {
      const board = boardRoute(String(params['method']), String(params['url']))
      if (board !== null) {
        const { operation, effect } = board
        const answer = (): Answer => board.answer(hub, params)
        return ask({ operation, effect, resource: 'core', installation, answer, going })
      }
      return ask({
        operation: 'GraphQL',
        effect: 'read',
        resource: 'graphql',
        installation,
        answer: () => answerQuery(hub, String(params['query']), params['variables'] as Params),
        going,
      })
    }
    const endpoint = { DEFAULTS: { baseUrl: 'https://github.test' } }
    return { rest: rooms(rest), request: Object.assign(request, { endpoint }) }
  }

  return {
    on: (repo) => connect(repo.installation, null) as ReturnType<Client['on']>,
    write: (repo, _access, going) =>
      connect(repo.installation, going) as ReturnType<Client['write']>,
    within: (installation) => connect(installation, null) as ReturnType<Client['within']>,
  }
}

const wordOf = (reply: Reply): string =>
  reply.kind === 'replied' ? 'ok' : (reply.failure.code ?? String(reply.failure.status))

const rooms = (rest: (room: string, method: string) => Respond): unknown =>
  new Proxy(
    {},
    {
      get: (_, room) =>
        new Proxy({}, { get: (_room, method) => rest(String(room), String(method)) }),
    },
  )
