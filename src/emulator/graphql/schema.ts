// GitHub's GraphQL schema, built from the published SDL when the first query comes: it takes about
// 400 ms, which a client of REST alone should not pay.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { buildSchema, type GraphQLSchema } from 'graphql'

let built: GraphQLSchema | undefined

export function githubSchema(): GraphQLSchema {
  built ??= buildSchema(readFileSync(sdlFile(), 'utf8'), { assumeValidSDL: true, noLocation: true })
  return built
}

/** The package's exports hide its SDL file, so it is found beside the main module. */
function sdlFile(): string {
  const main = createRequire(import.meta.url).resolve('github-schema')
  return join(dirname(main), '..', 'github-schema.graphql')
}
