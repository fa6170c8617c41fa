// Apps and installations as GitHub's payloads show them.
import type { App } from '../world/app.ts'
import type { Installation } from '../world/installation.ts'
import type { JsonObject } from '../world/refusal.ts'
import type { World } from '../world/world.ts'
import { nullableUser, userJson } from './user.ts'

/** The `integration` schema. */
export function appJson(world: World, app: App): JsonObject {
  return {
    id: app.id,
    slug: app.slug,
    node_id: app.nodeId,
    client_id: app.clientId,
    owner: userJson(world, app.owner),
    name: app.name,
    description: app.description,
    external_url: app.externalUrl,
    html_url: `${world.url}/apps/${app.slug}`,
    created_at: app.createdAt,
    updated_at: app.createdAt,
    permissions: app.permissions,
    events: app.events,
  }
}

export function nullableApp(world: World, app: App | null): JsonObject | null {
  return app === null ? null : appJson(world, app)
}

/** The `installation` schema. */
export function installationJson(world: World, installation: Installation): JsonObject {
  const { app, account, id } = installation
  const api = `${world.url}/api/v3`
  const settings =
    account.type === 'Organization' ? `/organizations/${account.login}/settings` : '/settings'
  return {
    id,
    account: userJson(world, account),
    repository_selection: installation.selection,
    access_tokens_url: `${api}/app/installations/${id}/access_tokens`,
    repositories_url: `${api}/installation/repositories`,
    html_url: `${world.url}${settings}/installations/${id}`,
    app_id: app.id,
    client_id: app.clientId,
    app_slug: app.slug,
    target_id: account.id,
    target_type: account.type,
    permissions: installation.permissions,
    events: app.events,
    created_at: installation.createdAt,
    updated_at: installation.updatedAt,
    single_file_name: null,
    has_multiple_single_files: false,
    single_file_paths: [],
    suspended_by: nullableUser(world, installation.suspendedBy),
    suspended_at: installation.suspendedAt,
  }
}
