import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, Inject } from '@nestjs/common';
import type { Context } from '@binnacle/machinery-context';
import {
  newInternalError,
  newRequestEntityTooLarge,
  newUnknownPath,
  newUnsupportedMediaType,
  StatusError,
} from '@binnacle/machinery-meta';
import { breakOff } from '@binnacle/process-connections';
import { fromStorage } from '@binnacle/server-registry';
import { type AuditedRequest, notedUri } from '@binnacle/server-audit';
import { StorageError } from '@binnacle/server-storage';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { JSON_TYPE, PROTOBUF_TYPE, YAML_TYPE } from '../request/media-types.js';
import { CLIENT_LEFT } from '../request/request-life.js';
import type { EnteredRequest } from './request-door.js';
import { answerStatus } from './status-answer.js';
import { SERVER_CONTEXT } from './tokens.js';

const NOTHING = { group: '', names: { kind: '', plural: '' } };

function codeOf(error: unknown): number {
  if (error instanceof HttpException) return error.getStatus();
  return (error as { statusCode?: number }).statusCode ?? 500;
}

/** Any failure as the Status a client is told. */
export function toStatusError(error: unknown): StatusError {
  if (error instanceof StatusError) return error;
  // Of what is read on the way to a resource, such as the account of a session or the namespace of a new object.
  if (error instanceof StorageError) return fromStorage(NOTHING, '', error) as StatusError;
  const code = codeOf(error);
  const text = error instanceof Error ? error.message : String(error);
  if (code === 404) return newUnknownPath();
  if (code === 413) return newRequestEntityTooLarge('limit is 3145728');
  if (code === 415) return newUnsupportedMediaType([JSON_TYPE, YAML_TYPE, PROTOBUF_TYPE]);
  if (code === 429) return new StatusError(429, 'TooManyRequests', text, { retryAfterSeconds: 1 });
  if (code >= 400 && code < 500) return new StatusError(400, 'BadRequest', text);
  return newInternalError(error);
}

/** What nobody meant to answer is told as what it is. */
function noteFailure(audited: AuditedRequest, status: StatusError, error: unknown): void {
  if (status.code === 500 && !(error instanceof StatusError)) audited.panicked(status);
  else audited.failed(status);
}

/** Prints every failure as a `v1 Status`. */
@Catch()
export class StatusFilter implements ExceptionFilter {
  constructor(@Inject(SERVER_CONTEXT) private readonly ctx: Context) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const reply = http.getResponse<FastifyReply>();
    const status = toStatusError(error);
    const { audited } = http.getRequest<EnteredRequest>();
    if (audited) noteFailure(audited, status, error);
    if (status.code >= 500 && !(error instanceof StatusError)) {
      const { method, url } = http.getRequest<FastifyRequest>();
      this.ctx.logger.error('request failed', { method, url: notedUri(url), error });
    }
    if (status.code === CLIENT_LEFT || reply.sent || reply.raw.headersSent) {
      reply.hijack();
      // What has begun must not look complete.
      if (!reply.raw.writableEnded) breakOff(reply.raw);
      return;
    }
    answerStatus(reply, status);
  }
}
