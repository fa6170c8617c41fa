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
import { answerPermission, PermissionRequest } from './permission.ts'
import { ElicitationRequest, questionOf } from './question.ts'

/** `onQuestion`: the agent asks something only a person may answer. */
export function connectClient(
  stream: Stream,
  log: Log,
  onQuestion: (question: Asked) => void,
): ClientConnection {
  return client({ name: 'yardmaster' })
    .onRequest<z.infer<typeof PermissionRequest>, RequestPermissionResponse>(
      methods.client.session.requestPermission,
      PermissionRequest,
      ({ params }) => {
        const answer = answerPermission(params)
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
