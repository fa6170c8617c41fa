// Under which name and address somebody's commits appear when GitHub writes them.
import type { Person } from '../git/commits.ts'
import type { User } from '../world/people.ts'
import type { World } from '../world/world.ts'

export function personOf(world: World, user: User): Person {
  return { name: user.name, email: user.email, date: world.stamp() }
}
