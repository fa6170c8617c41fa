// GitHub's rules that its schemas do not state.
import { invalid, Refusal } from '../world/refusal.ts'

/** Characters in the body of an issue, pull request, comment or review. */
export const MAX_BODY = 65_536
export const MAX_LABEL_NAME = 50
const MAX_LABEL_DESCRIPTION = 100
const MAX_TITLE = 256

export function checkBody(resource: string, body: string | null): void {
  if (body === null || body.length <= MAX_BODY) return
  throw invalid({
    resource,
    field: 'body',
    code: 'custom',
    message: `body is too long (maximum is ${MAX_BODY} characters)`,
  })
}

/** A comment or review must say something. */
export function checkComment(resource: string, body: string): void {
  if (body.trim() === '') throw invalid({ resource, field: 'body', code: 'missing_field' })
  checkBody(resource, body)
}

export function checkTitle(resource: string, title: string): void {
  if (title.trim() === '') throw invalid({ resource, field: 'title', code: 'missing_field' })
  if (title.length <= MAX_TITLE) return
  throw invalid({
    resource,
    field: 'title',
    code: 'custom',
    message: `title is too long (maximum is ${MAX_TITLE} characters)`,
  })
}

export function checkLabelName(name: string): void {
  if (name.trim() === '') throw invalid({ resource: 'Label', field: 'name', code: 'missing_field' })
  if (Array.from(name).length <= MAX_LABEL_NAME) return
  throw invalid({
    resource: 'Label',
    field: 'name',
    code: 'custom',
    message: `name is too long (maximum is ${MAX_LABEL_NAME} characters)`,
  })
}

export function checkLabelDescription(description: string | null): void {
  if (description === null || Array.from(description).length <= MAX_LABEL_DESCRIPTION) return
  throw invalid({
    resource: 'Label',
    field: 'description',
    code: 'custom',
    message: `description is too long (maximum is ${MAX_LABEL_DESCRIPTION} characters)`,
  })
}

export function checkColor(color: string): void {
  if (!/^[0-9a-fA-F]{6}$/.test(color)) {
    throw invalid({ resource: 'Label', field: 'color', code: 'invalid', value: color })
  }
}

export function locked(): Refusal {
  return new Refusal(403, { message: 'Unable to create comment because issue is locked.' })
}
