/** Five hundred children, some in sessions of their own, some forked twice, deaf to every polite signal. */
import { readFile, readdir } from 'node:fs/promises'
import { setTimeout as wait } from 'node:timers/promises'

/** `nap`: seconds that nobody else sleeps, by which they are found. Says `up` once all have been started. */
export const swarmScript = (nap: string, children: number): string => `
trap '' TERM HUP INT
i=0
while [ $i -lt ${Math.ceil(children / 4)} ]; do
  sleep ${nap} &
  setsid sleep ${nap} &
  (setsid sleep ${nap} &)
  setsid sh -c "trap '' TERM HUP INT; exec sleep ${nap}" &
  i=$((i+1))
done
echo up
wait`

/** Living processes whose arguments hold the word; read by code of our own, for the jail's must not be believed here. */
export async function livingWith(word: string): Promise<number> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const found = await Promise.all(
    pids.map(async (pid) => {
      const line = await readFile(`/proc/${pid}/cmdline`, 'latin1').catch(() => '')
      if (!line.split('\0').includes(word)) return false
      const state = await readFile(`/proc/${pid}/stat`, 'latin1').catch(() => ') Z')
      return !/\) [ZX]/.test(state)
    }),
  )
  return found.filter(Boolean).length
}

/** Milliseconds until none is left; null: some were after ten seconds. */
export async function untilNone(word: string): Promise<number | null> {
  const began = performance.now()
  while ((await livingWith(word)) > 0) {
    if (performance.now() - began > 10_000) return null
    await wait(20)
  }
  return Math.round(performance.now() - began)
}
