import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, Inject } from '@nestjs/common';
import type { Context } from '@binnacle/machinery-context';
import { newInternalError, newRequestEntityTooLarge, newUnknownPath, StatusError } from '@binnacle/machinery-meta';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { SERVER_CONTEXT } from './tokens.js';

function codeOf(error: unknown): number {
  if (error instanceof HttpException) return error.getStatus();
  return (error as { statusCode?: number }).statusCode ?? 500;
}

/** Any failure as the Status a client is told. */
export function toStatusError(error: unknown): StatusError {
  if (error instanceof StatusError) return error;
  const code = codeOf(error);
  const text = error instanceof Error ? error.message : String(error);
  if (code === 404) return newUnknownPath();
  if (code === 413) return newRequestEntityTooLarge('limit is 3145728');
  if (code === 429) return new StatusError(429, 'TooManyRequests', text, { retryAfterSeconds: 1 });
  if (code >= 400 && code < 500) return new StatusError(400, 'BadRequest', text);
  return newInternalError(error);
}

function retryAfter({ details, code }: StatusError): Record<string, string> {
  const seconds = details?.retryAfterSeconds;
  if (seconds) return { 'retry-after': String(seconds) };
  return code === 429 || code === 503 ? { 'retry-after': '1' } : {};
}

/** Prints every failure as a `v1 Status`. */
@Catch()
export class StatusFilter implements ExceptionFilter {
  constructor(@Inject(SERVER_CONTEXT) private readonly ctx: Context) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const reply = http.getResponse<FastifyReply>();
    const status = toStatusError(error);
    if (status.code >= 500 && !(error instanceof StatusError)) {
      const { method, url } = http.getRequest<FastifyRequest>();
      this.ctx.logger.error('request failed', { method, url, error });
    }
    if (reply.sent || reply.raw.headersSent) {
      reply.raw.end();
      return;
    }
    const headers = { 'content-type': 'application/json', 'cache-control': 'no-cache, private', ...retryAfter(status) };
    reply
      .code(status.code)
      .headers(headers)
      .send(Buffer.from(`${JSON.stringify(status.toStatus())}\n`));
  }
}
