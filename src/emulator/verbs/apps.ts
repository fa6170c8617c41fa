// Verbs about Apps and their installations.
import {
  changeRepositories,
  createApp,
  install,
  installationOf,
  setPermissions,
  suspend,
  uninstall,
} from '../change/apps.ts'
import { loadManifest } from '../change/manifest.ts'
import { requireRole } from '../auth/role.ts'
import type { App, Permissions } from '../world/app.ts'
import type { Installation } from '../world/installation.ts'
import { invalid, notFound } from '../world/refusal.ts'
import type { Repository } from '../world/issue.ts'
import type { User } from '../world/people.ts'
import type { VerbContext } from './context.ts'

export type AppRequest = {
  /** Path of a manifest such as app.yml, or an object of its form. */
  readonly manifest: string | URL | object
  readonly webhookUrl: string | null
  readonly webhookSecret: string
  /** PEM; generating one takes 50 to 200 ms. */
  readonly privateKey?: string
  /** Login; by default a person of that purpose. */
  readonly owner?: string
}

export function appVerbs({ world }: VerbContext) {
  const account = (given: { readonly app: App; readonly account: string }): Installation => {
    const found = installationOf(world, given.app, world.user(given.account))
    if (found === undefined) throw notFound()
    return found
  }
  const admin = (repos: readonly Repository[], login: string): User => {
    const user = world.user(login)
    for (const repo of repos) requireRole(repo, user, 'admin')
    return user
  }

  return {
    /** A ready App: registered, with its bot, key and webhook. */
    createApp: async (given: AppRequest): Promise<App> =>
      createApp(world, {
        manifest: loadManifest(given.manifest),
        owner: world.user(given.owner ?? 'app-owner'),
        webhookUrl: given.webhookUrl,
        webhookSecret: given.webhookSecret,
        ...(given.privateKey === undefined ? {} : { privateKey: given.privateKey }),
      }),

    /** On these repositories of one owner; the owner does it unless `as` says otherwise. */
    install: (app: App, repos: readonly string[], as?: string): Installation => {
      const found = repos.map((name) => world.repository(name))
      const [first] = found
      if (first === undefined || found.some((repo) => repo.owner !== first.owner)) {
        throw invalid({
          resource: 'Installation',
          code: 'invalid',
          message: 'one owner, at least one repository',
        })
      }
      const by = as === undefined ? first.owner : admin(found, as)
      const known = installationOf(world, app, first.owner)
      if (known === undefined)
        return install(world, app, { account: first.owner, repos: found, by })
      changeRepositories(world, known, by, { add: found, remove: [] })
      return known
    },

    /** On every present and future repository of the account. */
    installOnAll: (app: App, login: string): Installation => {
      const user = world.user(login)
      return install(world, app, { account: user, repos: 'all', by: user })
    },

    removeFromInstallation: (given: {
      readonly app: App
      readonly repo: string
      readonly as: string
    }): void => {
      const repo = world.repository(given.repo)
      const by = admin([repo], given.as)
      const found = account({ app: given.app, account: repo.owner.login })
      changeRepositories(world, found, by, { add: [], remove: [repo] })
    },

    uninstall: (given: { readonly app: App; readonly account: string }): void => {
      const found = account(given)
      uninstall(world, found, found.account)
    },

    suspend: (given: { readonly app: App; readonly account: string }): void => {
      const found = account(given)
      suspend(world, found, found.account, true)
    },

    unsuspend: (given: { readonly app: App; readonly account: string }): void => {
      const found = account(given)
      suspend(world, found, found.account, false)
    },

    /** What the account grants from now on; tokens minted before lose what it takes away. */
    grant: (given: {
      readonly app: App
      readonly account: string
      readonly permissions: Permissions
    }): void => {
      const found = account(given)
      setPermissions(world, found, found.account, given.permissions)
    },

    setWebhookUrl: (app: App, url: string | null): void => {
      app.webhookUrl = url
    },
  }
}
