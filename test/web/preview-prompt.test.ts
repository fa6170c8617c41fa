/** What `yardmaster prompt` shows: the words that an agent would be sent, what there is room for, and what to do where nothing would be sent. */
import { describe, expect, it } from 'vitest'
import type { Repository } from '../../src/domain/repository.ts'
import type { Snapshot } from '../../src/domain/snapshot.ts'
import type { Task } from '../../src/domain/task.ts'
import { createPolicyReader } from '../../src/engine/deps.ts'
import { blessedWords } from '../../src/engine/desk.ts'
import type { Comment, Tracker } from '../../src/ports/tracker.ts'
import { later } from '../../src/domain/ids.ts'
import { ROLE_FILE } from '../../src/render/prompt-role.ts'
import { createPrompting } from '../../src/web/preview-prompt.ts'
import type { PromptingDeps } from '../../src/web/preview-prompt.ts'
import type { PromptPreview } from '../../src/web/view-types.ts'
import { clock, log } from '../git/world.ts'
import { NOW, ana, profile, repository, task } from '../support/builders.ts'

interface Scene {
  readonly task?: Task | null
  readonly repository?: Partial<Repository>
  readonly snapshot?: Snapshot | null
  readonly sources?: PromptingDeps['sources']
  readonly profile?: string
}

async function preview(scene: Scene = {}): Promise<PromptPreview | string> {
  const known = repository({ config: 'verify: [npm test]\n', ...scene.repository })
  const prompting = createPrompting({
    store: {
      find: async () => (scene.task === undefined ? task() : scene.task),
      snapshot: async () =>
        scene.snapshot === undefined ? { title: 'Greet', body: 'Say hello.' } : scene.snapshot,
      repositories: { all: async () => [known], get: async () => known, save: async () => {} },
    },
    policyOf: createPolicyReader(),
    operator: () => ({
      defaultProfile: scene.profile ?? 'claude',
      profiles: { claude: profile({ name: 'claude', command: ['claude-agent-acp'] }) },
    }),
    sources: scene.sources ?? null,
  })
  const found = await prompting.preview({ repository: null, number: 12 })
  return found.kind === 'found' ? found.value : found.message
}

const sources = (role: string | null): PromptingDeps['sources'] => ({
  comments: async () => [{ login: 'ana', body: 'In French, too.' }],
  role: async () => role,
})

describe('what would be sent', () => {
  it('is the whole prompt with its words and their budget', async () => {
    const shown = await preview({ sources: sources(null) })
    expect(shown).toMatchObject({ profile: 'claude', role: 'built in', comments: 1, resumed: null })
    const { text, words, budget } = shown as PromptPreview
    expect(text).toContain('<comment by="ana">\nIn French, too.\n</comment>')
    expect(text).toContain('Say hello.')
    expect(text).toContain('- npm test')
    expect(text).toContain('Your tools from `yardmaster`')
    expect(words).toBe(text.match(/\S+/g)?.length)
    expect(words).toBeLessThanOrEqual(budget)
  })

  it('has the role of the repository’s own file, cut to its room, and says so', async () => {
    const role = `You know every lamp of this yard.\n<!-- for people -->\n${'word '.repeat(200)}`
    const { text, notes, role: from } = (await preview({ sources: sources(role) })) as PromptPreview
    expect(from).toBe(ROLE_FILE)
    expect(text).toMatch(/^You know every lamp of this yard\./)
    expect(text).not.toContain('for people')
    expect(notes.join(' ')).toContain(`${ROLE_FILE} is 87 words longer`)
  })

  it('says where no Yardmaster runs what is missing in it', async () => {
    const { comments, notes } = (await preview()) as PromptPreview
    expect(comments).toBeNull()
    expect(notes.join(' ')).toContain('No Yardmaster runs on this data folder')
  })

  it('shows what a conversation that is taken up again is told', async () => {
    const resume = { attempt: '1-1.1' as never, base: null, head: null, session: 's' }
    const { resumed } = (await preview({ task: task({ resume }) })) as PromptPreview
    expect(resumed).toContain('Go on with the task as it was given to you.')
  })
})

describe('where nothing would be sent', () => {
  it.each<[string, Scene, RegExp]>([
    ['nobody has asked', { task: null }, /Nobody has asked Yardmaster.*set the label/],
    [
      'nobody asks any more',
      { task: task({ wish: null }) },
      /at present: set the label on the issue again/,
    ],
    ['no settings', { repository: { config: null } }, /No agent starts for .*yardmaster\.yml/],
    ['broken settings', { repository: { config: 'verify: 7\n' } }, /No agent starts for .*verify/],
    [
      'the App was removed',
      { repository: { config: null, gone: 'the App was removed' } },
      /removed/,
    ],
    ['the text is gone', { snapshot: null }, /not in this store any more/],
  ])('because %s, it says so and what to do', async (_, scene, words) => {
    expect(await preview(scene)).toMatch(words)
  })

  it('because the profile is unknown: the prompt is shown, and that nothing starts', async () => {
    const { notes } = (await preview({ profile: 'opus' })) as PromptPreview
    expect(notes.join(' ')).toContain('no profile opus')
  })
})

describe('comments by people without write access', () => {
  const CANARY = 'canary-of-a-stranger'
  const roles = ['none', 'read', 'triage'] as const
  const said = (n: number, over: Partial<Comment>): Comment => ({
    id: n,
    author: { id: 100 + n, login: `stranger-${n}`, kind: 'person' },
    body: `${CANARY} ${n}`,
    createdAt: later(NOW, -1_000_000 - n),
    updatedAt: later(NOW, -1_000_000 - n),
    ours: false,
    ...over,
  })

  it('50 of them, and those that only look like a writer’s: 0 bytes reach the prompt', async () => {
    const wish = task().wish
    const before = wish?.at ?? NOW
    const old = { createdAt: later(before, -5_000), updatedAt: later(before, -5_000) }
    const comments = [
      ...Array.from({ length: 50 }, (_, n) => said(n, old)),
      said(51, { ...old, author: { ...ana, kind: 'bot' } }),
      said(52, { ...old, author: null }),
      said(53, { ...old, author: ana, updatedAt: later(before, 1) }),
      said(54, { author: ana, createdAt: later(before, 1), updatedAt: later(before, 1) }),
      said(55, { ...old, author: ana, ours: true }),
      said(56, { ...old, author: ana, body: `<!-- ${CANARY} -->` }),
      said(57, { ...old, author: ana, body: 'By a maintainer.' }),
    ]
    const tracker = {
      comments: async () => comments,
      permission: async (_: unknown, { id, login }: { id: number; login: string }) =>
        login === ana.login ? 'write' : (roles[id % 3] ?? 'none'),
    }
    const shown = await preview({
      sources: {
        comments: (one, known) =>
          blessedWords(one, known, {
            // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- as much of it as is asked
            tracker: tracker as unknown as Tracker,
            clock,
            log,
          }),
        role: async () => null,
      },
    })
    const { text, comments: taken } = shown as PromptPreview
    expect(text).toContain('By a maintainer.')
    expect(text.includes(CANARY)).toBe(false)
    expect(taken).toBe(2)
  })
})
