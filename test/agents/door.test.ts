/** The door to our tools: open to whoever says this attempt's token, for as long as the attempt lives. */
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { connect } from 'node:net'
import type { Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { hearTools } from '../../src/agents/mcp/hear-tools.ts'
import { openDoor } from '../../src/agents/mcp/open-door.ts'
import type { Door } from '../../src/agents/mcp/open-door.ts'
import { serveTools } from '../../src/agents/mcp/serve-tools.ts'
import type { Log } from '../../src/ports/log.ts'

const quiet = (): void => {}
const log: Log = { debug: quiet, info: quiet, warn: quiet, error: quiet }

let door: Door
let open: boolean
let asked: string[]
beforeEach(async () => {
  door = await openDoor(tmpdir(), process.execPath)
  open = true
  asked = []
  const told = hearTools({
    isOpen: () => open,
    onAsk: ({ text }) => void asked.push(text),
    onProgress: quiet,
    onCheckpoint: quiet,
    onBytes: quiet,
  })
  serveTools(door, told.handlers, log)
})
afterEach(() => door.close())

const token = (): string => door.server.env[0]?.value ?? ''
const path = (): string => door.server.args.at(-1) ?? ''

/** Says it, then begins to speak MCP; the server's first answer, or '' where the connection ended. */
async function knock(first: string, socket: Socket = connect(path())): Promise<string> {
  const params = {
    protocolVersion: '2025-06-18',
    capabilities: {},
    clientInfo: { name: 't', version: '1' },
  }
  socket.on('error', quiet)
  socket.write(
    `${first}${JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'initialize', params })}\n`,
  )
  // Where there is no door any more it is an error.
  return await Promise.race([
    once(socket, 'data').then(([data]) => String(data)),
    once(socket, 'close').then(() => ''),
  ]).catch(() => '')
}

async function ask(socket: Socket): Promise<string> {
  const params = { name: 'ask', arguments: { text: 'One or two?' } }
  socket.write(`${JSON.stringify({ jsonrpc: '2.0', id: 2, method: 'tools/call', params })}\n`)
  const [data] = (await once(socket, 'data')) as [Buffer]
  return String(data)
}

describe('the door of an attempt', () => {
  it('opens to its token, in however many pieces it comes', async () => {
    expect(await knock(`${token()}\n`)).toContain('"serverInfo"')
    const slow = connect(path())
    for (const letter of token()) slow.write(letter)
    expect(await knock('\n', slow)).toContain('"serverInfo"')
  })

  it.each([
    ['nothing', ''],
    ['an empty one', '\n'],
    ['another one', `${'x'.repeat(32)}\n`],
    ['one that begins like it', 'begins'],
    ['one without an end', 'x'.repeat(1_000)],
  ])('stays shut to %s', async (_, said) => {
    const first = said === 'begins' ? `${token()}x\n` : said
    expect(await knock(first)).toBe('')
  })

  it('has another token each time, which no argument of a program shows', async () => {
    const other = await openDoor(tmpdir(), process.execPath)
    expect(other.server.env[0]?.value).not.toBe(token())
    await other.close()
    expect(token()).toMatch(/^[\w-]{32}$/)
    expect(JSON.stringify([door.server.command, door.server.args])).not.toContain(token())
  })

  it('takes nothing any more once the attempt has ended', async () => {
    const socket = connect(path())
    await knock(`${token()}\n`, socket)
    await ask(socket)
    open = false
    expect(await ask(socket)).toContain('This attempt has ended')
    expect(asked).toEqual(['One or two?'])
    await door.close()
    expect(existsSync(path())).toBe(false)
    expect(await knock(`${token()}\n`)).toBe('')
  })
})
