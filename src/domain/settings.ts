/** What the two settings files come to, as plain values. `policy/` reads the files; nothing else does. */
import type { BoardSettings } from './board.ts'
import type { Budgets, Price } from './money.ts'

/** The repository's `.github/yardmaster.yml`. It chooses among the operator's profiles and defines none. */
export interface RepoSettings {
  /** The label's word: `yardmaster`, `yardmaster:<profile>`. */
  readonly trigger: string
  /** The profile that the bare label means. Null: the operator's default. */
  readonly agent: string | null
  readonly setup: readonly string[]
  readonly verify: readonly string[]
  readonly draft: boolean
  /** Hours after a question at which its asker is reminded of it, rising. */
  readonly remindHours: readonly number[]
  /** `prefixed`: another bot owns the bare form of slash commands. */
  readonly commands: 'bare' | 'prefixed'
  /** Whether the yes of the person who asked for the work counts. */
  readonly ownApproval: boolean
  /** Whether the tests of a change are run on its base as well, where they must fail. */
  readonly testProof: boolean
  /** Path patterns whose change needs a person's yes, beyond those that always do. */
  readonly protected: readonly string[]
  /** Logins of who is asked for a look, in turn; empty: whoever asked for the work. */
  readonly reviewers: readonly string[]
  /** Pull requests that one of them may owe a look before nobody asks them for another. */
  readonly reviewerCapacity: number
  /** Whether the review queue is kept as an issue of the repository. */
  readonly digest: boolean
  /** Null: the repository names no board, and labels alone show the state. */
  readonly board: BoardSettings | null
  readonly limits: {
    readonly parallel: number
    /** Attempts before the task fails; the first one included. */
    readonly attempts: number
    /** Wall clock of one attempt. */
    readonly minutes: number
    /** Silence of any kind after which the watchdog ends the agent. */
    readonly stallMinutes: number
    /** Pull requests that wait for people before nothing new is started. */
    readonly openReviews: number
    /** Attempts at mending red required checks of one pull request; 0: none. */
    readonly ciFixes: number
  }
  readonly budget: Budgets
}

export interface SettingsProblem {
  /** Counted from 1; null when the file as a whole is meant. */
  readonly line: number | null
  /** Dotted path of the key, such as `limits.minutes`; empty for the whole file. */
  readonly path: string
  /** One sentence that says what is wrong and which values are accepted. */
  readonly message: string
}

export type RepoPolicy =
  | { readonly kind: 'ready'; readonly settings: RepoSettings }
  | { readonly kind: 'missing' }
  | { readonly kind: 'broken'; readonly problems: readonly SettingsProblem[] }

/** What wraps programs of strangers. */
export type JailKind = 'bwrap' | 'podman' | 'docker' | 'none'

/** What the operator wants it to be. `auto`: the first that works of bubblewrap and, where an image is named, podman and docker. */
export type JailChoice = JailKind | 'auto'

/** What a jail lets through. `model-only`: the addresses of the profile's model, and what the operator allows besides. */
export type NetworkPolicy = 'none' | 'model-only' | 'open'

export interface Profile {
  readonly name: string
  /** The known agent that it is made from; null: the operator named a program. */
  readonly preset: string | null
  /** `builtin:patch`, or the program and its arguments, which speaks `protocol`. */
  readonly command: 'builtin:patch' | readonly string[]
  /** `acp`: over stdio. `command`: the prompt is a file, the report is a file, exit code 75 asks. */
  readonly protocol: 'acp' | 'command'
  readonly tier: string | null
  readonly model: string | null
  /** The session mode to ask the agent for, by id or name; null: its own choice. */
  readonly mode: string | null
  /** The profile with which its tasks start while its provider is at its limit; null: they wait. */
  readonly fallback: string | null
  /** Null: the operator's for all. */
  readonly network: NetworkPolicy | null
  /** What becomes of an agent's requests for permission: allowed one by one, for the jail holds them, or asked of a person. */
  readonly permissions: 'allow' | 'ask'
  /** Names of the operator's environment variables that the agent may see. */
  readonly env: readonly string[]
}

/** The operator's `yardmaster.config.yml`. */
export interface OperatorSettings {
  readonly profiles: Readonly<Record<string, Profile>>
  readonly defaultProfile: string
  readonly jail: JailChoice
  /** The image that podman or docker run agents and checks in; null: they are not used. */
  readonly image: string | null
  readonly network: NetworkPolicy
  /** Hosts that `model-only` lets through besides, for agents, setup and checks alike. */
  readonly allow: readonly string[]
  /** Numeric repository ids that may be served; null: every one the App is installed on. */
  readonly repositories: readonly number[] | null
  readonly caps: {
    readonly total: number
    /** Live attempts per tier. */
    readonly tiers: Readonly<Record<string, number>>
    readonly perRepository: number
    /** Attempts started for one person in 24 hours. */
    readonly perActorDay: number
    /** No repository's budget, and no person's yes to more, goes beyond it. */
    readonly budget: Budgets
  }
  /** Of models whose agents tell tokens only, by name. */
  readonly prices: Readonly<Record<string, Price>>
  /** What of the work this machine executes itself. */
  readonly runner: RunnerSettings
  readonly retry: {
    /** Wait after the first failure; doubled for each further one. */
    readonly firstSeconds: number
    readonly maxSeconds: number
  }
  /** Whether a settings file is proposed to repositories that have none. */
  readonly onboarding: boolean
  /** At least this long between two writes to GitHub through one installation (GitHub asks for a second). */
  readonly paceMilliseconds: number
}

export interface RunnerSettings {
  /** Attempts at the same time; null: as many as `caps.total`; 0: none, runners elsewhere do all. */
  readonly capacity: number | null
  /** Null: any tier. */
  readonly tiers: readonly string[] | null
  /** Names of profiles; null: all of this file. */
  readonly profiles: readonly string[] | null
  /** Numeric ids, or `owner/name`; null: any. */
  readonly repositories: readonly (number | string)[] | null
}
