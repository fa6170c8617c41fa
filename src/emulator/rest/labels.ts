// Labels of repositories and of issues.
import {
  addLabels,
  createLabel,
  deleteLabel,
  findLabel,
  removeLabel,
  setLabels,
  updateLabel,
} from '../change/labels.ts'
import {
  created,
  NO_CONTENT,
  ok,
  paged,
  type Answer,
  type Call,
  type Operations,
} from '../http/operation.ts'
import { labelJson } from '../present/repository.ts'
import { Refusal } from '../world/refusal.ts'
import type { Label } from '../world/issue.ts'
import { names } from './issues.ts'

const READ = ['issues:read', 'pull_requests:read'] as const
const WRITE = ['issues:write', 'pull_requests:write'] as const

export const labelOperations: Operations = {
  'issues/list-labels-for-repo': {
    by: 'installation',
    needs: READ,
    run: (call) => paged(call, [...call.repo.labels.values()], present(call)),
  },
  'issues/get-label': {
    by: 'installation',
    needs: READ,
    run: (call) => ok(present(call)(findLabel(call.repo, call.params.text('name')))),
  },
  'issues/create-label': {
    by: 'installation',
    needs: WRITE,
    run: (call) => {
      const label = createLabel(call.world, call.repo, call.actor, {
        name: call.body.text('name'),
        color: call.body.maybe('color'),
        description: call.body.maybe('description'),
      })
      return created(present(call)(label))
    },
  },
  'issues/update-label': {
    by: 'installation',
    needs: WRITE,
    run: (call) => {
      const { body } = call
      const label = findLabel(call.repo, call.params.text('name'))
      const changes = {
        ...(body.has('new_name') ? { name: body.text('new_name') } : {}),
        ...(body.has('color') ? { color: body.text('color') } : {}),
        ...(body.has('description') ? { description: body.maybe('description') } : {}),
      }
      updateLabel(call.world, call.repo, call.actor, { label, changes })
      return ok(present(call)(label))
    },
  },
  'issues/delete-label': {
    by: 'installation',
    needs: WRITE,
    run: (call) => {
      deleteLabel(call.world, call.repo, call.actor, findLabel(call.repo, call.params.text('name')))
      return NO_CONTENT
    },
  },
  'issues/list-labels-on-issue': {
    by: 'installation',
    needs: READ,
    run: (call) => paged(call, call.issue.labels, present(call)),
  },
  'issues/add-labels': {
    by: 'installation',
    needs: WRITE,
    run: (call) => {
      addLabels(call.world, call.issue, call.actor, wanted(call))
      return labelsNow(call)
    },
  },
  'issues/set-labels': {
    by: 'installation',
    needs: WRITE,
    run: (call) => {
      setLabels(call.world, call.issue, call.actor, wanted(call))
      return labelsNow(call)
    },
  },
  'issues/remove-label': {
    by: 'installation',
    needs: WRITE,
    run: (call) => {
      const name = call.params.text('name').toLowerCase()
      const label = call.issue.labels.find((one) => one.name.toLowerCase() === name)
      if (label === undefined) throw new Refusal(404, { message: 'Label does not exist' })
      removeLabel(call.world, call.issue, call.actor, label)
      return labelsNow(call)
    },
  },
  'issues/remove-all-labels': {
    by: 'installation',
    needs: WRITE,
    run: (call) => {
      setLabels(call.world, call.issue, call.actor, [])
      return NO_CONTENT
    },
  },
}

function present(call: Call): (label: Label) => unknown {
  return (label) => labelJson(call.world, call.repo, label)
}

function labelsNow(call: Call): Answer {
  return ok(call.issue.labels.map(present(call)))
}

/** The body is `{labels: […]}` or the bare list. */
function wanted(call: Call): readonly string[] {
  const { rawBody } = call
  return names(Array.isArray(rawBody) ? (rawBody as readonly unknown[]) : call.body.list('labels'))
}
