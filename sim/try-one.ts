import { makeHistory } from './history.ts'
import { play } from './play.ts'
import { seedOf } from './random.ts'
const h = makeHistory(seedOf(1, Number(process.argv[2])))
console.log(JSON.stringify(h.settings))
for (const s of h.steps) console.log(JSON.stringify(s))
const o = await play(h, true)
for (const l of o.journal) console.log(l)
console.log(o.violations, o.events)
