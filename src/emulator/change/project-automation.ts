// What every new project does by itself: a closed issue and a merged pull request go to Done, if
// there is a column of that name.
import type { Actor } from '../world/app.ts'
import type { Issue } from '../world/issue.ts'
import type { World } from '../world/world.ts'
import { createUser } from './accounts.ts'
import { itemsOf, setValue } from './project-items.ts'

const BOT = 'github-project-automation[bot]'

export function moveClosed(world: World, issue: Issue): void {
  for (const item of itemsOf(world, issue)) {
    if (item.archivedAt !== null || item.project.closedAt !== null) continue
    const field = item.project.fields.find(({ name }) => name === 'Status')
    const done = field?.options.find(({ name }) => name === 'Done')
    if (field !== undefined && done !== undefined) {
      setValue(world, item, automation(world), { field, content: done.id })
    }
  }
}

function automation(world: World): Actor {
  const user = world.users.get(BOT) ?? createUser(world, { login: BOT, type: 'Bot' })
  return { user, app: null }
}
