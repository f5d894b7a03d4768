import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import type { Context } from '@binnacle/machinery-context';
import { quote } from '@binnacle/machinery-meta';
import type { RequestContext } from '@binnacle/server-registry';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ApiRequest } from '../api-request.js';
import { RequestTargets } from '../request-targets.js';
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

  async canActivate(execution: ExecutionContext): Promise<boolean> {
    const http = execution.switchToHttp();
    const request = http.getRequest<GuardedRequest>();
    const api = await this.describe(request, http.getResponse<FastifyReply>());
    await this.access.authorize(api);
    request.api = api;
    return true;
  }

  private async describe(request: GuardedRequest, reply: FastifyReply): Promise<ApiRequest> {
    const { method, headers, url } = request;
    const { info, query } = this.targets.get(method, url);
    const certificate = clientCertificate(request);
    const credentials = { headers, method, cluster: info.cluster, ...(certificate && { certificate }) };
    const user = await this.access.authenticate(this.server, credentials);
    const ctx: RequestContext = {
      ...this.server,
      cluster: info.cluster,
      user,
      client: headers['user-agent'] ?? '',
      warn: (text) => addWarning(reply, warningHeader(text)),
    };
    const body = request.body;
    return { ctx, method, info, query, headers, ...(Buffer.isBuffer(body) && { body }) };
  }
}

/** Said once, however often a write that is tried again comes past it. */
function addWarning(reply: FastifyReply, header: string): void {
  const present = reply.getHeader('warning');
  const known = present === undefined ? [] : [present].flat().map(String);
  if (!known.includes(header)) reply.header('warning', [...known, header]);
}
