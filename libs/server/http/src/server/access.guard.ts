import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { type Context, type Soon, soon } from '@binnacle/machinery-context';
import { quote } from '@binnacle/machinery-meta';
import type { UserInfo } from '@binnacle/server-auth';
import type { RequestContext } from '@binnacle/server-registry';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ApiRequest } from '../api-request.js';
import { type RequestTarget, RequestTargets } from '../request-targets.js';
import { clientCertificate } from './client-certificate.js';
import { ACCESS_CONTROL, type AccessControl, SERVER_CONTEXT } from './tokens.js';

/** A request that has passed the guard carries what it is about. */
export type GuardedRequest = FastifyRequest & { api?: ApiRequest };

function warningHeader(text: string): string {
  return `299 - ${quote(text.replaceAll('\n', ' '))}`;
}

/** Finds out what a request is about and who makes it, and refuses what they may not do. */
@Injectable()
export class AccessGuard implements CanActivate {
  private readonly targets = new RequestTargets();

  constructor(
    @Inject(SERVER_CONTEXT) private readonly server: Context,
    @Inject(ACCESS_CONTROL) private readonly access: AccessControl,
  ) {}

  canActivate(execution: ExecutionContext): Soon<boolean> {
    const http = execution.switchToHttp();
    const request = http.getRequest<GuardedRequest>();
    const { method, headers, url } = request;
    const target = this.targets.get(method, url);
    const certificate = clientCertificate(request);
    const credentials = { headers, method, cluster: target.info.cluster, ...(certificate && { certificate }) };
    return soon(this.access.authenticate(this.server, credentials), (user) => {
      const api = this.describe(request, target, user, http.getResponse<FastifyReply>());
      return soon(this.access.authorize(api), () => {
        request.api = api;
        return true;
      });
    });
  }

  private describe(request: GuardedRequest, target: RequestTarget, user: UserInfo, reply: FastifyReply): ApiRequest {
    const { method, headers, body } = request;
    const { info, query } = target;
    const { signal, clock, logger } = this.server;
    const warn = (text: string) => addWarning(reply, warningHeader(text));
    const client = headers['user-agent'] ?? '';
    const ctx: RequestContext = { signal, clock, logger, cluster: info.cluster, user, client, warn };
    return { ctx, method, info, query, headers, ...(Buffer.isBuffer(body) && { body }) };
  }
}

/** Said once, however often a write that is tried again comes past it. */
function addWarning(reply: FastifyReply, header: string): void {
  const present = reply.getHeader('warning');
  const known = present === undefined ? [] : [present].flat().map(String);
  if (!known.includes(header)) reply.header('warning', [...known, header]);
}
