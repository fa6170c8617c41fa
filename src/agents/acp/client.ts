/** Our side of the protocol: what an agent may ask of us, and that everything else is answered "method not found", because a silent client hangs some agents. */
import {
  client,
  methods,
  RequestError,
  type ClientConnection,
  type CreateElicitationResponse,
  type RequestPermissionResponse,
  type Stream,
} from '@agentclientprotocol/sdk'
import type { z } from 'zod'
import type { Asked } from '../../domain/question.ts'
import type { Log } from '../../ports/log.ts'
import { plainLine } from '../plain.ts'
import { answerPermission, PermissionRequest, permissionQuestion } from './permission.ts'
import { ElicitationRequest, questionOf } from './question.ts'

const CANCELLED: RequestPermissionResponse = { outcome: { outcome: 'cancelled' } }

export interface ClientHandlers {
  /** The agent asks something only a person may answer. */
  readonly onQuestion: (question: Asked) => void
  /** Null: a person is asked, and the turn ends with that. */
  readonly onPermission: (request: z.infer<typeof PermissionRequest>) => boolean | null
}

export function connectClient(
  stream: Stream,
  log: Log,
  { onQuestion, onPermission }: ClientHandlers,
): ClientConnection {
  return client({ name: 'yardmaster' })
    .onRequest<z.infer<typeof PermissionRequest>, RequestPermissionResponse>(
      methods.client.session.requestPermission,
      PermissionRequest,
      ({ params }) => {
        const allowed = onPermission(params)
        if (allowed === null) onQuestion(permissionQuestion(params))
        const answer = allowed === null ? CANCELLED : answerPermission(params, allowed)
        const title = plainLine(params.toolCall?.title ?? '', 200)
        log.debug({ title, outcome: answer.outcome }, 'the agent asked for a permission')
        return answer
      },
    )
    .onRequest<z.infer<typeof ElicitationRequest>, CreateElicitationResponse>(
      methods.client.elicitation.create,
      ElicitationRequest,
      ({ params }) => {
        onQuestion(questionOf(params))
        return { action: 'cancel' }
      },
    )
    .onRequest('*', ({ method }) => {
      log.debug({ method: plainLine(method, 100) }, 'the agent asked for what we do not offer')
      throw RequestError.methodNotFound(method)
    })
    .connect(stream)
}
