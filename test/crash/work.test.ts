/** Killed at every effect on the way from an installation to a merged pull request, Yardmaster does each thing once. */
import { describePoints } from './points.ts'

describePoints('from label to agent')
describePoints('from agent to pull request')
