/** What the scripted model does with an issue: the issue's own text says which of the stories it is. */
import { askOwnWay, say, shell, shellOf, yard } from './model/hands.ts'
import { fill } from './model/fill.ts'
import { fields } from './model/json.ts'
import { resultsSince, userWords } from './model/conversation.ts'
import type { Conversation, Step } from './model/conversation.ts'

/** In the text of an issue. */
export const STORIES = {
  edit: 'Story: straight.',
  ask: 'Story: ask by Yardmaster’s tool.',
  askOwnWay: 'Story: ask by your own tool.',
  full: 'Story: more than one context holds.',
} as const

export const QUESTION = 'Which greeting shall it be?'
export const GREETINGS = ['Good evening.', 'Good night.'] as const
/** Read by the model in the life that asks; only a session that was taken up again brings it back. */
export const MEMORY = 'The keeper is called Ilse.'

/** Where the agent was told its task, or the answer to its question. */
const PROMPT = /Story: |<answer to=/

export function script(conversation: Conversation): Step {
  // A title, a summary, a check of quota: agents ask for such things on the side.
  const [tool] = conversation.tools
  if (tool?.name === 'respond_in_schema')
    return { kind: 'call', tool, input: fields(fill(tool.schema)) }
  if (shellOf(conversation) === undefined) return say('A greeting')
  const said = userWords(conversation)
  if (said.includes(STORIES.edit)) return straight(conversation, 'Good evening.')
  if (said.includes(STORIES.full)) return filling(conversation, said)
  if (said.includes(STORIES.ask)) return asking(conversation, 'tool')
  if (said.includes(STORIES.askOwnWay)) return asking(conversation, 'own')
  return say('I was not told what to do.')
}

function straight(conversation: Conversation, greeting: string, memory = ''): Step {
  const done = resultsSince(conversation, PROMPT).length
  // What it holds of the operator's goes to the model with the next request, where it is looked for.
  if (done === 0) return shell(conversation, 'cat greet.js; env')
  if (done === 1) return shell(conversation, writing(greeting))
  const summary = `The keeper says "${greeting}" now. ${memory}`.trim()
  if (done === 2) return yard(conversation, 'report', { summary })
  return say(summary)
}

/** In the checkpoint that one life leaves to the next. */
export const BRIEF = 'The greeting is chosen, and not yet written.'
/** Nearly all of what Claude's and Codex's models hold. */
const FULL = { claude: 930_000, codex: 240_000 } as const

/** The first life finds its context full; the one that is told its checkpoint does the work. */
function filling(conversation: Conversation, said: string): Step {
  if (said.includes(`<notes>\n${BRIEF}`)) return straight(conversation, GREETINGS[0], BRIEF)
  if (said.includes('Your context is nearly full'))
    return yard(conversation, 'checkpoint', { brief: BRIEF })
  const tokens = shellOf(conversation)?.name === 'Bash' ? FULL.claude : FULL.codex
  return { ...shell(conversation, 'cat greet.js'), tokens }
}

function asking(conversation: Conversation, way: 'tool' | 'own'): Step {
  const answer = /<answer to="[^>]*>[^]*<\/asked>\n([^]*?)\n<\/answer>/.exec(
    userWords(conversation),
  )?.[1]
  const greeting = GREETINGS.find((each) => answer?.includes(each))
  if (greeting !== undefined) {
    const remembers = conversation.turns.some(
      ({ by, text }) => by === 'tool' && text.includes(MEMORY),
    )
    return straight(conversation, greeting, remembers ? MEMORY : 'I remember nothing.')
  }
  const done = resultsSince(conversation, PROMPT).length
  if (done === 0) return shell(conversation, `cat greet.js && echo '${MEMORY}'`)
  if (done > 1) return say('I have asked, and stop here.')
  return way === 'own'
    ? askOwnWay(conversation, QUESTION, GREETINGS)
    : yard(conversation, 'ask', { text: QUESTION, options: GREETINGS, recommended: 1 })
}

/** One line of shell that every sandbox of an agent lets through. */
const writing = (greeting: string): string =>
  `printf '%s\\n' "export const greet = () => '${greeting}'" > greet.js`
