import { expect, test } from 'vitest'
import { describeSettings } from '../../src/policy/describe-settings.ts'

const row = ({ key, accepted, default: value }: ReturnType<typeof describeSettings>[number]) =>
  `${key} | ${accepted.length > 60 ? '…' : accepted} | ${value ?? '–'}`

test('every key of the repository’s file is described with what it accepts and its default', () => {
  expect(describeSettings('repository').map(row)).toMatchInlineSnapshot(`
    [
      "trigger | … | "yardmaster"",
      "agent | the name of one of the operator’s profiles | –",
      "setup | a list of commands, such as [npm ci] | []",
      "verify | a list of commands, such as [npm test] | []",
      "draft | true or false | false",
      "limits.parallel | a whole number from 1 to 50 | 3",
      "limits.attempts | a whole number from 1 to 10 | 3",
      "limits.minutes | a number from 0.05 to 1440 | 60",
      "limits.stall_minutes | a number from 0.05 to 240 | 10",
      "limits.open_reviews | a whole number from 1 to 1000 | 10",
      "limits.ci_fixes | a whole number from 0 to 20 | 2",
      "questions.remind_hours | a list of at most 5 numbers of hours, such as [4, 24] | [4,24]",
      "budget.task | a number from 0.01 to 10000 | 5",
      "budget.day | a number from 0.01 to 100000 | 50",
      "budget.task_tokens | a whole number from 1000 to 1000000000000 | 10000000",
      "budget.day_tokens | a whole number from 1000 to 1000000000000 | 100000000",
      "protected | a list of path patterns, such as [".github/**"] | [".github/**","CODEOWNERS","**/.npmrc","**/.husky/**"]",
      "test_proof | true or false | true",
      "own_approval | true or false | true",
      "reviewers | a list of logins without the @, such as [ana, ben] | []",
      "reviewer_capacity | a whole number from 1 to 1000 | 5",
      "digest | true or false | true",
      "board.project | a whole number from 1 to 1000000000 | –",
      "board.status | … | –",
      "commands | bare or prefixed | "bare"",
    ]
  `)
})

test('every key of the operator’s file is described with what it accepts and its default', () => {
  expect(describeSettings('operator').map(row)).toMatchInlineSnapshot(`
    [
      "profiles | … | {"patch":{"command":"builtin:patch"}}",
      "profiles.<name>.preset | claude, codex, gemini, copilot, opencode or qwen | –",
      "profiles.<name>.command | … | –",
      "profiles.<name>.tier | a name in lower case, such as sonnet | –",
      "profiles.<name>.protocol | acp or command | "acp"",
      "profiles.<name>.model | text | –",
      "profiles.<name>.mode | text | –",
      "profiles.<name>.fallback | the name of another profile | –",
      "profiles.<name>.network | none, model-only or open | –",
      "profiles.<name>.permissions | allow or ask | "allow"",
      "profiles.<name>.env | … | []",
      "default_profile | the name of one of the profiles | –",
      "jail | auto, bwrap, podman, docker or none | "auto"",
      "image | the name of an image, such as localhost/yard-agents:1 | –",
      "network | none, model-only or open | "model-only"",
      "allow | … | []",
      "repositories | a list of numeric repository ids, such as [123456] | –",
      "caps.total | a whole number from 1 to 1000 | 8",
      "caps.tiers | a mapping of names, each to a whole number from 0 to 1000 | {"opus":4,"sonnet":8,"haiku":12}",
      "caps.per_repository | a whole number from 1 to 1000 | 8",
      "caps.per_actor_day | a whole number from 1 to 100000 | 100",
      "caps.budget.task | a number from 0.01 to 1000000 | 50",
      "caps.budget.day | a number from 0.01 to 1000000 | 500",
      "caps.budget.task_tokens | a whole number from 1000 to 1000000000000 | 100000000",
      "caps.budget.day_tokens | a whole number from 1000 to 1000000000000 | 1000000000",
      "prices | … | {}",
      "prices.<name>.input | a number from 0 to 100000 | –",
      "prices.<name>.cached | a number from 0 to 100000 | –",
      "prices.<name>.output | a number from 0 to 100000 | –",
      "runner.capacity | a whole number from 0 to 1000 | –",
      "runner.tiers | a list of tiers, such as [sonnet, haiku] | –",
      "runner.agents | a list of names of profiles, such as [claude] | –",
      "runner.repositories | a list of numeric ids or owner/name, such as [ana/shop] | –",
      "retry.first_seconds | a whole number from 0 to 86400 | 30",
      "retry.max_seconds | a whole number from 0 to 86400 | 900",
      "onboarding | true or false | true",
      "pace_ms | a whole number from 0 to 60000 | 1000",
    ]
  `)
})
