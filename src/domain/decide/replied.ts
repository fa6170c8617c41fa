/** Words of a person that hold no command. They mean something only while a question is open. */
import type { TaskFact } from '../fact.ts'
import type { Decision, Subject, World } from './decision.ts'

type Replied = Extract<TaskFact, { kind: 'replied' }>

export function decideReplied(_subject: Subject, _fact: Replied, _world: World): Decision | null {
  return null
}
