/** Loaded before everything else: plants the bug that `PLANTED` names into the source as it is read. */
import { registerHooks } from 'node:module'
import { BUGS } from './bugs.ts'

const planted = process.env['PLANTED']
const bug = BUGS.find(({ name }) => name === planted)
if (bug === undefined) throw new Error(`there is no bug named ${planted}`)
const url = new URL(`../../${bug.file}`, import.meta.url).href

registerHooks({
  load(asked, context, next) {
    const loaded = next(asked, context)
    if (asked !== url) return loaded
    const source = new TextDecoder().decode(Buffer.from(loaded.source as string | Uint8Array))
    if (!source.includes(bug.find))
      throw new Error(`${bug.file} has changed: the patch does not fit`)
    return { ...loaded, source: source.replace(bug.find, () => bug.replace) }
  },
})
