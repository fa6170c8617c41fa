/** What REST cannot do to a project: make one, and change the options of a field. */
import * as z from 'zod'
import type { Query } from '../run-query.ts'

const made = z.object({
  createProjectV2: z.object({ projectV2: z.object({ number: z.int() }) }),
})

export const CREATE_PROJECT: Query<z.infer<typeof made>> = {
  name: 'make a project',
  mutates: true,
  document: `mutation CreateProject($owner: ID!, $title: String!) {
  createProjectV2(input: { ownerId: $owner, title: $title }) { projectV2 { number } }
}`,
  answer: made,
}

const changed = z.object({
  updateProjectV2Field: z.object({ projectV2Field: z.object({ id: z.string() }) }),
})

/** The options overwrite those of before: who is not sent with its id loses its cards. */
export const SET_OPTIONS: Query<z.infer<typeof changed>> = {
  name: 'set the options of a field',
  mutates: true,
  document: `mutation SetOptions($field: ID!, $options: [ProjectV2SingleSelectFieldOptionInput!]!) {
  updateProjectV2Field(input: { fieldId: $field, singleSelectOptions: $options }) {
    projectV2Field { ... on ProjectV2SingleSelectField { id } }
  }
}`,
  answer: changed,
}
