/** `node prove/rebuild.ts --worlds=50 --seed=1`: loses the store of random worlds and rebuilds it; nothing may be there twice. */
import { parseArgs } from 'node:util'
import { proveOne } from './rebuild/story.ts'

const { values } = parseArgs({
  options: { worlds: { type: 'string', default: '50' }, seed: { type: 'string', default: '1' } },
})
const [worlds, first] = [Number(values.worlds), Number(values.seed)]
const began = performance.now()
let issues = 0
let wrong = 0
for (let seed = first; seed < first + worlds; seed += 1) {
  const outcome = await proveOne(seed).catch((error: unknown) => ({
    wrong: [String(error)],
    issues: 0,
    kinds: [],
  }))
  issues += outcome.issues
  wrong += outcome.wrong.length
  console.log(
    `seed ${seed}: ${outcome.issues} issues, ${outcome.wrong.length} wrong (${outcome.kinds.join(' ')})`,
  )
  for (const sentence of outcome.wrong) console.log(`  ${sentence}`)
}
const seconds = Math.round((performance.now() - began) / 1_000)
console.log(
  `${worlds} worlds with ${issues} issues from seed ${first}: ${wrong} wrong or twice, in ${seconds} s`,
)
process.exit(wrong === 0 ? 0 : 1)
