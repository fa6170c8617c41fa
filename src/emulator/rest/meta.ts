// Rate limits, users and the root.
import { ok, type Operations } from '../http/operation.ts'
import { limitKey } from '../auth/credential.ts'
import type { Resource } from '../http/limits.ts'
import { profileJson } from '../present/user.ts'
import { notFound } from '../world/refusal.ts'

export const metaOperations: Operations = {
  'rate-limit/get': {
    by: 'anyone',
    needs: [],
    run: (call) => {
      const state = (resource: Resource): unknown =>
        call.deps.limits.state(limitKey(call.credential), resource)
      const core = state('core')
      const search = {
        limit: 30,
        used: 0,
        remaining: 30,
        reset: Math.ceil(call.world.now() / 1000) + 60,
      }
      return ok({ resources: { core, graphql: state('graphql'), search }, rate: core })
    },
  },
  'meta/get-zen': {
    by: 'anyone',
    needs: [],
    run: () => ({
      status: 200,
      bytes: {
        type: 'text/plain;charset=utf-8',
        data: new TextEncoder().encode('Keep it logically awesome.'),
      },
    }),
  },
  'users/get-by-username': {
    by: 'anyone',
    needs: [],
    run: (call) => ok(profileJson(call.world, call.world.user(call.params.text('username')))),
  },
  'users/get-by-id': {
    by: 'anyone',
    needs: [],
    run: (call) => {
      const user = call.world.userById(call.params.number('account_id'))
      if (user === undefined) throw notFound()
      return ok(profileJson(call.world, user))
    },
  },
}
