/**
 * Bugs that others have shipped, as patches of our own source: none is in the product, and the simulation must find
 * every one of them. A patch whose text is not there any more is an error, so that none rots.
 */

export interface Bug {
  readonly name: string
  /** From the top of the project. */
  readonly file: string
  readonly find: string
  readonly replace: string
  /** Of the histories that meet it soonest; 1 unless given. */
  readonly seed?: number
}

export const BUGS: readonly Bug[] = [
  {
    name: 'no dedupe: a delivery that comes twice is two facts',
    file: 'sim/store/inbox.ts',
    find: 'if (database.facts.has(fact.key)) continue',
    replace: '',
  },
  {
    name: 'ack before persist: 2xx is answered while the insert is under way',
    file: 'src/engine/engine.ts',
    find: 'accept: (facts) => store.append(facts, BEGINNING)',
    replace: 'accept: async (facts) => void store.append(facts, BEGINNING).catch(() => {})',
  },
  {
    name: 'no compare-and-set: the last writer of a task wins',
    file: 'sim/store/tasks.ts',
    find: '(database.tasks.get(task.id)?.version ?? 0) === expected',
    replace: 'expected >= 0',
  },
  {
    name: 'no fencing: a runner that lost its lease goes on and reports',
    file: 'sim/store/attempts.ts',
    find: 'const held = row.epoch === epoch && row.runner === runner && row.endedAt === null',
    replace: 'const held = row.id === id',
  },
  {
    name: 'retry without find: what was lost on the way is created again',
    file: 'src/github/create-once.ts',
    find: 'if (formerTry !== null) {',
    replace: 'if (formerTry === -1) {',
  },
  {
    name: 'label trusted: nobody asks whether who labelled may write',
    file: 'src/domain/decide/wish.ts',
    find: 'if (world.permission === null || !mayWrite(world.permission)) {',
    replace: 'if (world.permission === undefined) {',
  },
  {
    name: 'edited text used: what was changed after the label is worked on',
    file: 'src/engine/missed-wish.ts',
    find: 'edited !== null && edited >= set.at',
    replace: 'edited === set.at + 1',
  },
  {
    name: "marker forged: anybody's comment with our marker is taken for ours",
    file: 'src/github/comments.ts',
    find: '({ ours, body }) => ours && readMarkers',
    replace: '({ body }) => readMarkers',
  },
  {
    name: 'slot freed too early: attempts under way hold none',
    file: 'src/domain/schedule.ts',
    find: 'for (const attempt of input.live) use(tally, attempt)',
    replace: 'for (const attempt of input.live) tally.tasks.add(attempt.task)',
  },
  {
    name: 'governor bypassed: writes go out as they come',
    file: 'src/github/governor.ts',
    find: "(ask.effect === 'read' ? reads : writes).run(ask, operation, send)",
    replace: "ask.effect === 'read' ? reads.run(ask, operation, send) : send()",
  },
  {
    name: 'projection queued: a write settles changes that came meanwhile',
    file: 'sim/store/acts.ts',
    find: 'record.lookedAt = row.generation',
    replace: 'record.lookedAt = record.row.generation',
  },
  {
    name: 'recovery starts twice: attempts that are running are taken again',
    file: 'sim/store/attempts.ts',
    find: 'record.row.runner === null && record.row.endedAt === null',
    replace: 'record.row.endedAt === null',
  },
  {
    name: 'reconcile starts old labels: those from before our first sight',
    file: 'src/domain/diff.ts',
    find: 'at >= since && ',
    replace: '',
  },
  {
    name: 'rights remembered: what was asked is published although the asker lost them',
    file: 'src/engine/perform.ts',
    find: 'if (!mayWrite(permission)) {',
    replace: 'if (permission === null) {',
  },
  {
    name: 'reading broken off: what was not worked through counts as seen',
    file: 'src/engine/reconcile.ts',
    find: 'unread.add(id)',
    replace: '',
  },
  {
    name: 'pause ignored: a slot is given out although people stopped the work',
    file: 'src/domain/schedule.ts',
    find: 'if (stopped !== null) return stopped',
    replace: '',
  },
  {
    name: 'answer taken twice: the first one leaves its question open',
    file: 'src/domain/decide/answered.ts',
    find: 'question: null, answers }',
    replace: 'answers }',
  },
  {
    name: "stranger's answer: whoever may sort issues is heard as if they could write",
    file: 'src/engine/gather-words.ts',
    find: "permission: by.permission ?? 'none'",
    replace: "permission: 'admin'",
  },
  {
    name: 'approval not bound to SHA: a yes to any commit opens the gate to the one that waits',
    file: 'src/domain/decide/command/approve.ts',
    find: 'const { sha } = order.command',
    replace: 'const sha = gate.head',
  },
  {
    name: 'no last look: what is pushed is not looked through for secrets',
    file: 'src/engine/acts/push.ts',
    find: 'if (leaks.length > 0)',
    replace: 'if (leaks.length > 99)',
  },
  {
    name: 'edited comment executed: what stands there now is not looked at',
    file: 'src/engine/gather-words.ts',
    find: "return now.edited || now.text !== spoken.text ? 'edited' : 'same'",
    replace: "return 'same'",
  },
  {
    name: 'command trusted: nobody asks whether who commands may',
    file: 'src/commands/may-give.ts',
    find: 'if (!holds(giver.permission, needs))',
    replace: 'if (needs === null)',
  },
  {
    name: 'command heard twice: a comment has another key on another route',
    file: 'src/engine/missed-words.ts',
    find: 'key: spokenKey(repository.id, spoken)',
    replace: 'key: `again:${spokenKey(repository.id, spoken)}`',
  },
  {
    name: 'board overrides state: where a card was once written, it is believed wherever it lies',
    file: 'src/engine/surfaces/write-board.ts',
    find: 'if (liesRight(task, card.column, settings)) {',
    replace: 'if (former !== null) {',
  },
  {
    name: "stranger's move: nobody asks whether who moved the card may write",
    file: 'src/domain/decide/card-moved.ts',
    find: 'if (world.permission === null || !mayWrite(world.permission)) {',
    replace: 'if (world.permission === undefined) {',
  },
  {
    name: 'CI-fix loop: red checks are mended for as long as they are red',
    file: 'src/domain/decide/revise.ts',
    find: 'if (task.rounds[reason] >= cap)',
    replace: 'if (task.rounds[reason] < 0)',
    seed: 6,
  },
  {
    name: 'revised twice: the same sign at the same head begins another attempt',
    file: 'src/domain/decide/revise.ts',
    find: 'some((one) => one.head === head && one.reason === reason)',
    replace: 'some((one) => one.head === reason)',
  },
  {
    name: 'review lost: a review whose webhook is lost is not looked for',
    file: 'src/domain/diff.ts',
    find: "if (actor?.kind !== 'person' || says === 'dismissed' || head === null) return []",
    replace: "if (actor?.kind !== 'person' || says !== 'approved' || head === null) return []",
    seed: 2,
  },
  {
    name: 'review cleared by an old SHA: the button of an older commit clears the present one',
    file: 'src/domain/decide/command/reviewed.ts',
    find: 'seen !== pull.head',
    replace: 'seen.length === 0',
  },
  {
    name: 'handoff counts: a context that is full uses an attempt up',
    file: 'src/domain/decide/go-on.ts',
    find: 'handoffs,\n      losses: 0,',
    replace: 'handoffs,\n      failures: task.failures + 1,\n      losses: 0,',
  },
  {
    name: 'handoff for ever: what fits no context is handed on and on',
    file: 'src/domain/decide/go-on.ts',
    find: 'if (task.handoffs >= MAX_HANDOFFS)',
    replace: 'if (task.handoffs < 0)',
  },
  {
    name: 'brief lost: whoever goes on is not told what was written down for them',
    file: 'src/engine/run-attempt.ts',
    find: 'Object.assign(draft, outcome.told)',
    replace: '',
  },
  {
    name: 'brief forgotten: it does not outlive an attempt that was held up',
    file: 'src/domain/decide/go-on.ts',
    find: 'brief: report.brief ?? former.brief',
    replace: 'brief: report.brief',
  },
  {
    name: 'conversation without end: what failed alike twice is taken up a third time',
    file: 'src/domain/decide/go-on.ts',
    find: 'const alike = resume?.failed === failed',
    replace: 'const alike = resume?.failed === null',
    seed: 2,
  },
  {
    name: 'budget not checked at start: what a task has spent is forgotten with each attempt',
    file: 'src/domain/schedule.ts',
    find: 'if (left !== null) return { ...one, left }',
    replace: 'if (left !== undefined) return { ...one, left: 1 }',
  },
  {
    name: 'unknown counted as zero for the day: an attempt that told nothing was free',
    file: 'src/domain/budget.ts',
    find: 'part: partOf(one, budget, share)',
    replace: 'part: partOf(one, budget, 0)',
  },
  {
    name: 'nothing set aside: many attempts at once are each given what is left of the day',
    file: 'src/domain/budget.ts',
    find: 'const allowed = partOfDay(allowance ?? task, budget)',
    replace: 'const allowed = 0 * partOfDay(allowance ?? task, budget)',
  },
  {
    name: 'budget not kept while it runs: nobody looks at what an agent tells of its use',
    file: 'src/engine/keep-within.ts',
    find: 'if (hasReached(news.usage, allowance))',
    replace: 'if (hasReached(news.usage, allowance) && news.message === undefined)',
  },
  {
    name: 'limit ignored: a profile starts while its provider is at its limit',
    file: 'src/domain/choose-profile.ts',
    find: 'const limit = inTheWay(limitScope(profile.name))',
    replace: 'const limit = inTheWay(profileScope(profile.name))',
  },
  {
    name: 'fallback too eager: whose login was refused is stood in for',
    file: 'src/domain/choose-profile.ts',
    find: 'fault === undefined && profile.fallback !== null',
    replace: 'profile.fallback !== null',
  },
]
