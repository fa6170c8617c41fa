// An App that hears all that people say, and may answer everywhere.
export const TALKER = {
  name: 'Talker',
  url: 'http://a.test',
  default_permissions: {
    issues: 'write',
    pull_requests: 'write',
    contents: 'write',
    checks: 'write',
    statuses: 'read',
    organization_projects: 'write',
  },
  default_events: [
    'issues',
    'issue_comment',
    'pull_request',
    'pull_request_review',
    'pull_request_review_comment',
    'pull_request_review_thread',
    'check_run',
    'check_suite',
    'status',
    'projects_v2_item',
  ],
} as const
