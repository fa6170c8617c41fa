// What a query costs, after GitHub's rule: the number of requests needed to fill every connection,
// over 100, at least one point.
import {
  Kind,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type SelectionSetNode,
} from 'graphql'

export function queryCost(
  document: DocumentNode,
  variables: Readonly<Record<string, unknown>>,
): number {
  const fragments = new Map<string, FragmentDefinitionNode>()
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION)
      fragments.set(definition.name.value, definition)
  }
  const requests = (set: SelectionSetNode | undefined, times: number): number => {
    let sum = 0
    for (const selection of set?.selections ?? []) {
      if (selection.kind === Kind.FIELD) {
        const size = pageSize(selection, variables)
        sum +=
          size === null
            ? requests(selection.selectionSet, times)
            : times + requests(selection.selectionSet, times * size)
      } else if (selection.kind === Kind.INLINE_FRAGMENT)
        sum += requests(selection.selectionSet, times)
      else sum += requests(fragments.get(selection.name.value)?.selectionSet, times)
    }
    return sum
  }
  let total = 0
  for (const definition of document.definitions) {
    if (definition.kind === Kind.OPERATION_DEFINITION) total += requests(definition.selectionSet, 1)
  }
  return Math.max(1, Math.round(total / 100))
}

function pageSize(field: FieldNode, variables: Readonly<Record<string, unknown>>): number | null {
  for (const { name, value } of field.arguments ?? []) {
    if (name.value !== 'first' && name.value !== 'last') continue
    if (value.kind === Kind.INT) return Number(value.value)
    if (value.kind === Kind.VARIABLE) return Number(variables[value.name.value] ?? 0)
  }
  return null
}
