/**
 * A PostgreSQL role for one runner, so that whoever steals its password can read the tasks that it holds and report
 * for them, and nothing else (T42). Row policies judge by the role's own name; the apps own the tables and are not
 * held by them. The script may be run again after each upgrade.
 */

/** Beside the name of the runner, so that it is no other role of the server. */
const PREFIX = 'yardmaster_'
const GROUP = 'yardmaster_runners'
const NAME = /^[\w.-]{1,40}$/

export const roleOf = (name: string): string => `${PREFIX}${name}`

/** SQL for the owner of the tables, who must be allowed to make roles. `password` null: an existing role keeps its own. */
export function runnerRoleSql(name: string, password: string | null): string {
  if (!NAME.test(name)) throw new Error(`not the name of a runner: ${name.slice(0, 60)}`)
  if (password !== null && !/^[\w-]{20,}$/.test(password)) throw new Error('not a safe password')
  const role = `"${roleOf(name)}"`
  return [
    ensured(`create role ${GROUP} nologin`),
    ensured(`create role ${role} login`),
    ...(password === null ? [] : [`alter role ${role} password '${password}';`]),
    `grant ${GROUP} to ${role};`,
    ...GRANTS,
    ...Object.entries(POLICIES).map(([table, policies]) => rules(table, policies)),
    '',
  ].join('\n')
}

const ensured = (statement: string): string =>
  `do $$ begin ${statement}; exception when duplicate_object then null; end $$;`

/** A live attempt of whoever asks; `a` is its row. */
const mine = (about: string): string =>
  `exists (select 1 from attempt a where a.ended_at is null and yard_is_me(a.runner) and ${about})`

const policy = (
  table: string,
  how: 'select' | 'insert' | 'update' | 'delete',
  { using, check }: { readonly using?: string; readonly check?: string },
): string =>
  [
    `drop policy if exists runners_${how} on ${table};`,
    `create policy runners_${how} on ${table} for ${how} to ${GROUP}`,
    ...(using === undefined ? [] : [`  using (${using})`]),
    ...(check === undefined ? [] : [`  with check (${check})`]),
    '  ;',
  ].join('\n')

const FREE = 'ended_at is null and (runner is null or yard_is_me(runner))'
const REPORT = [
  "source = 'runner' and kind = 'attempt-ended' and consumed_at is null",
  mine(
    [
      "inbox.aggregate = 'task:' || a.task",
      "inbox.key = 'attempt:' || a.id || ':' || a.epoch || ':end'",
      `(inbox.fact->'kind')::text = '"attempt-ended"'`,
      "(inbox.fact->'attempt')::text = to_json(a.id)::text",
      "(inbox.fact->'epoch')::text = a.epoch::text",
    ].join(' and '),
  ),
].join(' and ')
const UNWRITTEN = 'remote_id is null and written is null and written_hash is null and looked_at = 0'

const GRANTS = [
  `create or replace function yard_is_me(runner text) returns boolean language sql stable`,
  `  as $$ select '${PREFIX}' || split_part(runner, '#', 1) = current_user $$;`,
  `grant usage on schema public, drizzle to ${GROUP};`,
  `grant select on drizzle.__drizzle_migrations to ${GROUP};`,
  `grant select on attempt, task, repository, snapshot to ${GROUP};`,
  `grant update (runner, lease_until, phase, progress) on attempt to ${GROUP};`,
  `grant insert (key, source, aggregate, kind, repo, fact, received_at, consumed_at) on inbox to ${GROUP};`,
  `grant select (key, aggregate, consumed_at) on inbox to ${GROUP};`,
  `grant usage on sequence inbox_seq_seq to ${GROUP};`,
  `grant select, insert, delete on bundle, request to ${GROUP};`,
  `grant select, insert, update, delete on runner to ${GROUP};`,
  `grant select, insert on projection to ${GROUP};`,
  `grant update (generation, stale_since) on projection to ${GROUP};`,
]

type Rules = readonly (readonly [
  'select' | 'insert' | 'update' | 'delete',
  { readonly using?: string; readonly check?: string },
])[]

const POLICIES: Readonly<Record<string, Rules>> = {
  attempt: [
    ['select', { using: FREE }],
    ['update', { using: FREE, check: 'yard_is_me(runner)' }],
  ],
  task: [['select', { using: mine('a.task = task.id') }]],
  repository: [['select', { using: mine("split_part(a.task, '-', 1)::bigint = repository.id") }]],
  snapshot: [
    [
      'select',
      {
        using: `exists (select 1 from task t where t.task->'wish'->>'snapshot' = snapshot.hash)`,
      },
    ],
  ],
  inbox: [
    ['select', { using: mine("inbox.aggregate = 'task:' || a.task") }],
    ['insert', { check: REPORT }],
  ],
  bundle: [
    ['select', { using: mine('a.task = bundle.task') }],
    ['delete', { using: mine('a.task = bundle.task') }],
    [
      'insert',
      { check: mine('a.id = bundle.attempt and a.task = bundle.task and a.epoch = bundle.epoch') },
    ],
  ],
  request: [
    ['select', { using: 'yard_is_me(runner)' }],
    ['delete', { using: 'yard_is_me(runner)' }],
    [
      'insert',
      {
        check: `answer is null and answered_at is null and ${mine(
          'a.id = request.attempt and a.epoch = request.epoch and a.runner = request.runner',
        )}`,
      },
    ],
  ],
  runner: [
    ['select', { using: 'yard_is_me(name)' }],
    ['insert', { check: 'yard_is_me(name)' }],
    ['update', { using: 'yard_is_me(name)', check: 'yard_is_me(name)' }],
    ['delete', { using: 'yard_is_me(name)' }],
  ],
  projection: [
    ['select', { using: mine('a.task = projection.task') }],
    ['update', { using: mine('a.task = projection.task') }],
    ['insert', { check: `${UNWRITTEN} and ${mine('a.task = projection.task')}` }],
  ],
}

/**
 * One transaction for each table: apps that are at work never wait for two of its locks, which could be a deadlock, and
 * no runner that is at work sees a table without its policies, which would show it none of its attempts.
 */
const rules = (table: string, policies: Rules): string =>
  [
    'begin;',
    `alter table ${table} enable row level security;`,
    ...policies.map(([how, rule]) => policy(table, how, rule)),
    'commit;',
  ].join('\n')
