// Verbs about issues, labels and comments, each done by a named user as that user's role allows.
import { createComment, deleteComment, editComment, react, unreact } from '../change/comments.ts'
import {
  assign,
  closeIssue,
  deleteIssue,
  editIssue,
  lockIssue,
  openIssue,
  reopenIssue,
  transferIssue,
  unassign,
  unlockIssue,
} from '../change/issues.ts'
import {
  addLabels,
  createLabel,
  deleteLabel,
  findLabel,
  removeLabel,
  type NewLabel,
} from '../change/labels.ts'
import { addBlockedBy, addSubIssue, removeBlockedBy, removeSubIssue } from '../change/relations.ts'
import { locked } from '../change/rules.ts'
import { notFound } from '../world/refusal.ts'
import type { Comment, Issue, Label, ReactionContent, StateReason } from '../world/issue.ts'
import {
  acting,
  actingOnOwn,
  issueAt,
  mayWrite,
  type AsAt,
  type At,
  type VerbContext,
} from './context.ts'

export type IssueRequest = {
  readonly repo: string
  readonly as: string
  readonly title: string
  readonly body?: string | null
  readonly labels?: readonly string[]
  /** An issue form sets labels for any author, role or not. */
  readonly viaForm?: boolean
}

export function issueVerbs({ world }: VerbContext) {
  const commentOf = (repo: string, id: number): Comment => {
    const comment = world.repository(repo).comments.get(id)
    if (comment === undefined) throw notFound()
    return comment
  }

  return {
    openIssue: (given: IssueRequest): Issue => {
      const repo = world.repository(given.repo)
      const labels = given.labels ?? []
      const actor = acting(
        world,
        repo,
        given.as,
        labels.length > 0 && given.viaForm !== true ? 'triage' : 'read',
      )
      return openIssue(world, actor, { repo, title: given.title, body: given.body ?? null, labels })
    },

    editIssue: (at: AsAt & { readonly title?: string; readonly body?: string | null }): void => {
      const issue = issueAt(world, at)
      const actor = actingOnOwn(world, issue.repo, at.as, { owner: issue.user, otherwise: 'write' })
      editIssue(world, issue, actor, {
        ...(at.title === undefined ? {} : { title: at.title }),
        ...(at.body === undefined ? {} : { body: at.body }),
      })
    },

    label: (at: AsAt & { readonly label: string }): void => {
      const issue = issueAt(world, at)
      addLabels(world, issue, acting(world, issue.repo, at.as, 'triage'), [at.label])
    },

    unlabel: (at: AsAt & { readonly label: string }): void => {
      const issue = issueAt(world, at)
      const actor = acting(world, issue.repo, at.as, 'triage')
      removeLabel(world, issue, actor, findLabel(issue.repo, at.label))
    },

    createLabel: ({
      repo,
      as,
      ...label
    }: NewLabel & { readonly repo: string; readonly as: string }): Label => {
      const found = world.repository(repo)
      return createLabel(world, found, acting(world, found, as, 'write'), label)
    },

    deleteLabel: ({
      repo,
      as,
      label,
    }: {
      readonly repo: string
      readonly as: string
      readonly label: string
    }): void => {
      const found = world.repository(repo)
      deleteLabel(world, found, acting(world, found, as, 'write'), findLabel(found, label))
    },

    assign: (at: AsAt & { readonly to: string }): void => {
      const issue = issueAt(world, at)
      assign(world, issue, acting(world, issue.repo, at.as, 'triage'), [world.user(at.to)])
    },

    unassign: (at: AsAt & { readonly from: string }): void => {
      const issue = issueAt(world, at)
      unassign(world, issue, acting(world, issue.repo, at.as, 'triage'), [world.user(at.from)])
    },

    /** Makes `child` a sub-issue of the issue at `at`. */
    addSubIssue: (at: AsAt & { readonly child: At }): void => {
      const parent = issueAt(world, at)
      const actor = acting(world, parent.repo, at.as, 'triage')
      addSubIssue(world, parent, actor, { child: issueAt(world, at.child), replaceParent: false })
    },

    removeSubIssue: (at: AsAt & { readonly child: At }): void => {
      const parent = issueAt(world, at)
      const actor = acting(world, parent.repo, at.as, 'triage')
      removeSubIssue(world, parent, actor, issueAt(world, at.child))
    },

    /** The issue at `at` waits for `blocker` from now on. */
    addBlockedBy: (at: AsAt & { readonly blocker: At }): void => {
      const issue = issueAt(world, at)
      const actor = acting(world, issue.repo, at.as, 'triage')
      addBlockedBy(world, issue, actor, issueAt(world, at.blocker))
    },

    removeBlockedBy: (at: AsAt & { readonly blocker: At }): void => {
      const issue = issueAt(world, at)
      const actor = acting(world, issue.repo, at.as, 'triage')
      removeBlockedBy(world, issue, actor, issueAt(world, at.blocker))
    },

    comment: (at: AsAt & { readonly body: string }): Comment => {
      const issue = issueAt(world, at)
      const actor = acting(world, issue.repo, at.as, 'read')
      if (issue.locked && !mayWrite(issue.repo, actor.user)) throw locked()
      return createComment(world, issue, actor, at.body)
    },

    editComment: (at: {
      readonly repo: string
      readonly id: number
      readonly as: string
      readonly body: string
    }): void => {
      const comment = commentOf(at.repo, at.id)
      const { repo } = comment.issue
      const actor = actingOnOwn(world, repo, at.as, { owner: comment.user, otherwise: 'write' })
      editComment(world, comment, actor, at.body)
    },

    deleteComment: (at: {
      readonly repo: string
      readonly id: number
      readonly as: string
    }): void => {
      const comment = commentOf(at.repo, at.id)
      const { repo } = comment.issue
      const actor = actingOnOwn(world, repo, at.as, { owner: comment.user, otherwise: 'write' })
      deleteComment(world, comment, actor)
    },

    reactToComment: (at: {
      readonly repo: string
      readonly id: number
      readonly as: string
      readonly content: ReactionContent
    }): void => {
      const comment = commentOf(at.repo, at.id)
      react(world, comment, acting(world, comment.issue.repo, at.as, 'read'), at.content)
    },

    unreactToComment: (at: {
      readonly repo: string
      readonly id: number
      readonly as: string
      readonly content: ReactionContent
    }): void => {
      const comment = commentOf(at.repo, at.id)
      const actor = acting(world, comment.issue.repo, at.as, 'read')
      unreact(comment, actor, at.content)
    },

    react: (at: AsAt & { readonly content: ReactionContent }): void => {
      const issue = issueAt(world, at)
      react(world, issue, acting(world, issue.repo, at.as, 'read'), at.content)
    },

    unreact: (at: AsAt & { readonly content: ReactionContent }): void => {
      const issue = issueAt(world, at)
      unreact(issue, acting(world, issue.repo, at.as, 'read'), at.content)
    },

    closeIssue: (at: AsAt & { readonly reason?: StateReason }): void => {
      const issue = issueAt(world, at)
      const actor = actingOnOwn(world, issue.repo, at.as, {
        owner: issue.user,
        otherwise: 'triage',
      })
      closeIssue(world, issue, actor, at.reason === undefined ? {} : { reason: at.reason })
    },

    reopen: (at: AsAt): void => {
      const issue = issueAt(world, at)
      const actor = actingOnOwn(world, issue.repo, at.as, {
        owner: issue.user,
        otherwise: 'triage',
      })
      reopenIssue(world, issue, actor)
    },

    lock: (at: AsAt): void => {
      const issue = issueAt(world, at)
      lockIssue(world, issue, acting(world, issue.repo, at.as, 'triage'), null)
    },

    unlock: (at: AsAt): void => {
      const issue = issueAt(world, at)
      unlockIssue(world, issue, acting(world, issue.repo, at.as, 'triage'))
    },

    /** Gives the issue as it is in the other repository. */
    transferIssue: (at: AsAt & { readonly to: string }): Issue => {
      const issue = issueAt(world, at)
      const to = world.repository(at.to)
      acting(world, to, at.as, 'write')
      return transferIssue(world, issue, acting(world, issue.repo, at.as, 'write'), to)
    },

    deleteIssue: (at: AsAt): void => {
      const issue = issueAt(world, at)
      deleteIssue(world, issue, acting(world, issue.repo, at.as, 'admin'))
    },
  }
}
