// Which of GitHub's 1,223 operations and 270 webhooks the emulator's schema holds: those that
// Yardmaster uses, and those near them, so that using one wrongly is told from not knowing it.

const OPERATIONS: readonly RegExp[] = [
  /^meta\/(root|get|get-octocat|get-zen|get-all-versions)$/,
  /^rate-limit\/get$/,
  /^apps\/(get-authenticated|create-from-manifest|get-webhook-config-for-app|update-webhook-config-for-app)$/,
  /^apps\/(list-webhook-deliveries|get-webhook-delivery|redeliver-webhook-delivery)$/,
  /^apps\/(list-installations|get-installation|delete-installation|create-installation-access-token|suspend-installation|unsuspend-installation)$/,
  /^apps\/(list-repos-accessible-to-installation|revoke-installation-access-token|get-by-slug)$/,
  /^apps\/get-(org|repo|user)-installation$/,
  /^users\/(get-authenticated|get-by-username|get-by-id)$/,
  /^orgs\/(get|get-membership-for-user)$/,
  /^repos\/(get|get-content|create-or-update-file-contents|delete-file|get-readme|list-branches|get-branch|rename-branch|get-branch-protection|list-commits|get-commit|compare-commits)$/,
  /^repos\/(compare-commits-with-basehead|get-collaborator-permission-level|list-collaborators|check-collaborator|get-all-topics|list-languages|get-branch-rules|merge|merge-upstream|list-for-org|get-combined-status-for-ref|list-commit-statuses-for-ref|create-commit-status|update)$/,
  /^git\//,
  /^issues\/(list|list-for-repo|create|get|update|lock|unlock|list-comments|list-comments-for-repo|get-comment|create-comment|update-comment|delete-comment)$/,
  /^issues\/(list-labels-on-issue|add-labels|set-labels|remove-label|remove-all-labels|list-labels-for-repo|create-label|get-label|update-label|delete-label)$/,
  /^issues\/(list-events|list-events-for-repo|get-event|list-events-for-timeline|add-assignees|remove-assignees)$/,
  /^issues\/(add-sub-issue|remove-sub-issue|list-sub-issues|reprioritize-sub-issue|get-parent)$/,
  /^issues\/(list-dependencies-blocked-by|add-blocked-by-dependency|remove-dependency-blocked-by|list-dependencies-blocking)$/,
  /^issues\/(list-milestones|create-milestone|get-milestone|update-milestone)$/,
  /^reactions\/(list|create|delete)-for-(issue|issue-comment|pull-request-review-comment)(-comment)?$/,
  /^reactions\/delete-for-(issue|issue-comment|pull-request-comment)$/,
  /^pulls\//,
  /^checks\/(create|get|update|list-annotations|list-for-ref|rerequest-run|create-suite|get-suite|list-suites-for-ref|list-for-suite|set-suites-preferences|rerequest-suite)$/,
  // Views of people's projects are left out: their path has the user's id where all others have the login.
  /^projects\/.*-for-org$|^projects\/(?!.*view).*-for-user$|^projects\/get-(org|user)-item$/,
  /^search\/issues-and-pull-requests$/,
]

const WEBHOOKS: readonly RegExp[] = [
  /^ping$/,
  /^issues\./,
  /^issue_comment\./,
  /^issue_dependencies\./,
  /^sub_issues\./,
  /^pull_request\./,
  /^pull_request_review\./,
  /^pull_request_review_comment\./,
  /^pull_request_review_thread\./,
  /^check_run\./,
  /^check_suite\./,
  /^(push|create|delete|status)$/,
  /^repository\./,
  /^label\./,
  /^member\./,
  /^installation\./,
  /^installation_repositories\./,
  /^installation_target\./,
  /^github_app_authorization\./,
  /^projects_v2_item\./,
  /^projects_v2\./,
  /^workflow_run\.completed$/,
]

/** Whether the operation of this id (such as `issues/create`) belongs in the generated schema. */
export function wantedOperation(id: string): boolean {
  return OPERATIONS.some((pattern) => pattern.test(id))
}

/** Whether the webhook of this name (such as `issues.labeled`) belongs in the generated schema. */
export function wantedWebhook(name: string): boolean {
  return WEBHOOKS.some((pattern) => pattern.test(name))
}
