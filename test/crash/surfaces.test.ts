/** Killed at every write that people see, and whenever something goes wrong, Yardmaster says each thing once. */
import { describePoints } from './points.ts'

describePoints('in what people see')
describePoints('when a person has a word in it')
describePoints('when something goes wrong')
