// People, organisations and bots as GitHub's payloads show them.
import type { JsonObject } from '../world/refusal.ts'
import type { User } from '../world/people.ts'
import type { World } from '../world/world.ts'

/** The `simple-user` schema. */
export function userJson(world: World, user: User): JsonObject {
  const url = `${world.url}/api/v3/users/${encodeURIComponent(user.login)}`
  return {
    login: user.login,
    id: user.id,
    node_id: user.nodeId,
    avatar_url: `${world.url}/avatars/u/${user.id}`,
    gravatar_id: '',
    url,
    html_url: `${world.url}/${encodeURIComponent(user.login)}`,
    followers_url: `${url}/followers`,
    following_url: `${url}/following{/other_user}`,
    gists_url: `${url}/gists{/gist_id}`,
    starred_url: `${url}/starred{/owner}{/repo}`,
    subscriptions_url: `${url}/subscriptions`,
    organizations_url: `${url}/orgs`,
    repos_url: `${url}/repos`,
    events_url: `${url}/events{/privacy}`,
    received_events_url: `${url}/received_events`,
    type: user.type,
    site_admin: false,
  }
}

export function nullableUser(world: World, user: User | null): JsonObject | null {
  return user === null ? null : userJson(world, user)
}

/** The `public-user` schema, for `GET /users/{username}`. */
export function profileJson(world: World, user: User): JsonObject {
  return {
    ...userJson(world, user),
    name: user.name,
    company: null,
    blog: '',
    location: null,
    email: user.email === '' ? null : user.email,
    hireable: null,
    bio: null,
    public_repos: [...world.repositories.values()].filter(
      (repo) => repo.owner === user && !repo.private,
    ).length,
    public_gists: 0,
    followers: 0,
    following: 0,
    created_at: user.createdAt,
    updated_at: user.createdAt,
  }
}

/** The `organization-simple-webhooks` schema, which payloads of an organisation's repositories carry. */
export function organizationJson(world: World, user: User): JsonObject {
  const url = `${world.url}/api/v3/orgs/${user.login}`
  return {
    login: user.login,
    id: user.id,
    node_id: user.nodeId,
    url,
    repos_url: `${url}/repos`,
    events_url: `${url}/events`,
    hooks_url: `${url}/hooks`,
    issues_url: `${url}/issues`,
    members_url: `${url}/members{/member}`,
    public_members_url: `${url}/public_members{/member}`,
    avatar_url: `${world.url}/avatars/u/${user.id}`,
    description: null,
  }
}
