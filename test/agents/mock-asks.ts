/** What the stand-in wants of us or of a person: permissions, answers, files, our tools. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { flood } from './mock-flood.ts'
import { startTools, useTools } from './mock-tools.ts'
import { extra, SESSION, told, send, say, endTurn, request } from './mock-wire.ts'
import type { Behaviours } from './mock-wire.ts'

export const ASKS: Behaviours = {
  async permission() {
    const options = [
      { optionId: 'zz-9', name: 'Always', kind: 'allow_always' },
      { optionId: 'proceed_once', name: 'Yes', kind: 'allow_once' },
      { optionId: 'nope', name: 'No', kind: 'reject_once' },
    ]
    const once = await request('session/request_permission', {
      sessionId: SESSION,
      toolCall: { toolCallId: 't' },
      options,
    })
    const always = await request('session/request_permission', {
      sessionId: SESSION,
      toolCall: { toolCallId: 't' },
      options: options.filter(({ kind }) => kind === 'allow_always'),
    })
    say(JSON.stringify([once.result, always.result]))
    endTurn()
  },
  async 'wants-permission'() {
    const options = [
      { optionId: 'yes', name: 'Yes', kind: 'allow_once' },
      { optionId: 'no', name: 'No', kind: 'reject_once' },
    ]
    const asks = async (toolCall: object): Promise<unknown> =>
      (await request('session/request_permission', { sessionId: SESSION, toolCall, options }))
        .result
    const tool = { toolCallId: 't', title: 'Run rm -rf build', kind: 'execute' }
    say(JSON.stringify(await asks({ ...tool, rawInput: { command: `rm -rf ${extra}` } })))
    if (extra === 'twice') await asks({ ...tool, rawInput: { command: `rm -rf ${extra}` } })
    endTurn()
  },
  async unknown() {
    send({ method: 'some/notification', params: { a: 1 } })
    send({ method: '_x/y' })
    const answers = [
      await request('terminal/create', { sessionId: SESSION, command: 'ls' }),
      await request('x/y', {}),
    ]
    say(JSON.stringify(answers.map(({ error }) => (error as { code: number }).code)))
    endTurn()
  },
  async 'fs-write'() {
    const path = join(process.cwd(), 'through-client.txt')
    const answer = await request('fs/write_text_file', { sessionId: SESSION, path, content: 'x' })
    say(JSON.stringify(answer.error))
    endTurn()
  },
  async elicitation() {
    say('Before I go on:\n')
    const answer = await request('elicitation/create', {
      sessionId: SESSION,
      mode: 'form',
      message: 'Which database shall it be?',
      requestedSchema: {
        type: 'object',
        properties: {
          db: {
            type: 'string',
            title: 'Database',
            oneOf: [
              { const: 'pg', title: 'PostgreSQL' },
              { const: 'my', title: 'MySQL' },
            ],
          },
        },
      },
    })
    writeFileSync('answer.json', JSON.stringify(answer.result))
    say('This is said after the question and must not count.')
  },
  'tool-ask': () =>
    void useTools(told['session'], async (call) => {
      await call('progress', { message: 'Looking at the routes' })
      await call('ask', {
        text: 'Keep the old route?',
        options: ['Keep it', 'Drop it'],
        recommended: 2,
      })
      say('This is said after the question and must not count.')
    }),
  'tool-report': () =>
    void useTools(told['session'], async (call, tools) => {
      const wrong = await call('report', { summary: 5 })
      await call('report', { summary: 'Through the tool.', decisions: ['Kept the name.'] })
      say(JSON.stringify({ tools, refused: wrong }))
      endTurn()
    }),
  'tool-line-without-end': () => {
    const server = startTools(told['session'])
    server.stdout?.resume()
    flood(server, 'x'.repeat(1_000_000))
    server.on('exit', (code) => {
      say(`The bridge ended with ${code}.`)
      endTurn()
    })
  },
  'remembers-and-asks': () => endTurn({ _meta: { yardmaster: { needs: 'One or two?' } } }),
  'exits-75': () => {
    say('Which of the two?\n')
    setTimeout(() => process.exit(75), 50)
  },
  report: () => {
    writeFileSync(
      join(extra, 'report.json'),
      JSON.stringify({ summary: 'From the report.', decisions: ['Kept the old name.'] }),
    )
    say('From the message.')
    endTurn()
  },
  'report-question': () => {
    writeFileSync(
      join(extra, 'report.json'),
      JSON.stringify({ summary: 'Half done.', question: 'Keep the old API?' }),
    )
    endTurn()
  },
  'report-broken': () => {
    writeFileSync(join(extra, 'report.json'), '{"summary":')
    say('From the message.')
    endTurn()
  },
  'note-needs': () => endTurn({ _meta: { yardmaster: { needs: 'One or two?' } } }),
  'tool-all': () =>
    useTools(told['session'], async (call, tools) => {
      await call('progress', { message: 'Looking at the routes' })
      await call('decision', { text: 'Kept the old route.' })
      for (let n = 0; n < 60; n++) await call('discovery', { text: `Doubtful test ${n}` })
      await call('checkpoint', { brief: 'Half way.' })
      await call('report', { summary: 'Through the tools.' })
      say(JSON.stringify(tools))
      endTurn()
    }),
  'tool-wrong-token': () => {
    const server = startTools(told['session'], { YARDMASTER_ATTEMPT: 'x'.repeat(32) })
    server.stdout?.resume()
    server.on('exit', (code) => {
      say(`The bridge ended with ${code}.`)
      endTurn()
    })
  },
}
