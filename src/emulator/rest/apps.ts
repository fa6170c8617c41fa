// The App's own view of itself: GET /app, its installations, tokens, the manifest conversion.
import { installationOf, mintToken, suspend, uninstall, type TokenRequest } from '../change/apps.ts'
import { takeConversion } from '../change/manifest-flow.ts'
import { created, NO_CONTENT, ok, paged, type Call, type Operations } from '../http/operation.ts'
import { appJson, installationJson } from '../present/app.ts'
import { repoJson, roleFlags } from '../present/repository.ts'
import type { App, Level } from '../world/app.ts'
import type { Installation } from '../world/installation.ts'
import { covers } from '../auth/permission.ts'
import { forbidden, notFound, unprocessable } from '../world/refusal.ts'
import type { Repository } from '../world/issue.ts'
import type { User } from '../world/people.ts'

export const appOperations: Operations = {
  'apps/get-authenticated': {
    by: 'app',
    needs: [],
    run: (call) => {
      const app = appOf(call)
      const count = installationsOf(call, app).length
      return ok({ ...appJson(call.world, app), installations_count: count })
    },
  },
  'apps/get-by-slug': {
    by: 'anyone',
    needs: [],
    run: (call) => {
      const app = [...call.world.apps.values()].find(
        (one) => one.slug === call.params.text('app_slug'),
      )
      if (app === undefined) throw notFound()
      return ok(appJson(call.world, app))
    },
  },
  'apps/list-installations': {
    by: 'app',
    needs: [],
    run: (call) =>
      paged(call, installationsOf(call, appOf(call)), (one) => installationJson(call.world, one)),
  },
  'apps/get-installation': {
    by: 'app',
    needs: [],
    run: (call) => ok(installationJson(call.world, installation(call))),
  },
  'apps/delete-installation': {
    by: 'app',
    needs: [],
    run: (call) => {
      uninstall(call.world, installation(call), appOf(call).bot)
      return NO_CONTENT
    },
  },
  'apps/suspend-installation': {
    by: 'app',
    needs: [],
    run: (call) => {
      suspend(call.world, installation(call), appOf(call).bot, true)
      return NO_CONTENT
    },
  },
  'apps/unsuspend-installation': {
    by: 'app',
    needs: [],
    run: (call) => {
      suspend(call.world, installation(call), appOf(call).bot, false)
      return NO_CONTENT
    },
  },
  'apps/create-installation-access-token': {
    by: 'app',
    needs: [],
    run: (call) => {
      const target = installation(call)
      if (target.suspendedAt !== null) throw forbidden('This installation has been suspended')
      const token = mintToken(call.world, target, tokenRequest(call, target))
      const { repositories } = token
      return created({
        token: token.token,
        expires_at: call.world.stamp(token.expiresAt),
        permissions: token.permissions,
        repository_selection: repositories === null ? target.selection : 'selected',
        ...(repositories === null
          ? {}
          : {
              repositories: [...repositories].map((repo) => ({
                ...repoJson(call.world, repo),
                permissions: roleFlags('none'),
              })),
            }),
      })
    },
  },
  'apps/get-repo-installation': {
    by: 'app',
    needs: [],
    run: (call) => ok(installationJson(call.world, forAccount(call, call.repo.owner, call.repo))),
  },
  'apps/get-org-installation': {
    by: 'app',
    needs: [],
    run: (call) => {
      const account = call.world.user(call.params.text('org'))
      return ok(installationJson(call.world, forAccount(call, account, null)))
    },
  },
  'apps/get-user-installation': {
    by: 'app',
    needs: [],
    run: (call) => {
      const account = call.world.user(call.params.text('username'))
      return ok(installationJson(call.world, forAccount(call, account, null)))
    },
  },
  'apps/create-from-manifest': {
    by: 'anyone',
    needs: [],
    run: (call) => {
      const app = takeConversion(call.world, call.params.text('code'))
      return created({
        ...appJson(call.world, app),
        client_secret: app.clientSecret,
        webhook_secret: app.webhookSecret,
        pem: app.privateKey,
      })
    },
  },
}

export function appOf(call: Call): App {
  if (call.credential.kind !== 'app') throw new Error('the operation is not for Apps')
  return call.credential.app
}

function installationsOf(call: Call, app: App): readonly Installation[] {
  return [...call.world.installations.values()].filter((one) => one.app === app)
}

function installation(call: Call): Installation {
  const found = call.world.installations.get(call.params.number('installation_id'))
  if (found === undefined || found.app !== appOf(call)) throw notFound()
  return found
}

function forAccount(call: Call, account: User, repo: Repository | null): Installation {
  const found = installationOf(call.world, appOf(call), account)
  if (found === undefined || (repo !== null && !covers(found, repo))) throw notFound()
  return found
}

function tokenRequest(call: Call, target: Installation): TokenRequest {
  const { body, world } = call
  const missing = (): never => {
    throw unprocessable(
      'There is at least one repository that does not exist or is not accessible to the parent installation.',
    )
  }
  const byName = body
    .texts('repositories')
    .map((name) => world.findRepository(`${target.account.login}/${name}`) ?? missing())
  const byId = body
    .list('repository_ids')
    .map((id) => world.repositories.get(Number(id)) ?? missing())
  const narrowed = body.has('repositories') || body.has('repository_ids')
  const permissions = body.has('permissions')
    ? (Object.fromEntries(body.object('permissions').entries()) as Record<string, Level>)
    : null
  return { permissions, repositories: narrowed ? [...byName, ...byId] : null }
}
