import { All, Controller, Inject, Req, Res, UseGuards } from '@nestjs/common';
import type { Context } from '@binnacle/machinery-context';
import type { FastifyReply } from 'fastify';
import type { ApiHandler } from '../api-handler.js';
import { AccessGuard, type GuardedRequest } from './access.guard.js';
import { sendAnswer } from './send-answer.js';
import { API_HANDLER, SERVER_CONTEXT } from './tokens.js';

/** The Kubernetes API. What is served where is decided by the registry, not by routes. */
@Controller()
@UseGuards(AccessGuard)
export class ApiController {
  constructor(
    @Inject(SERVER_CONTEXT) private readonly server: Context,
    @Inject(API_HANDLER) private readonly api: ApiHandler,
  ) {}

  @All('*')
  async serve(@Req() request: GuardedRequest, @Res() reply: FastifyReply): Promise<void> {
    const { api } = request;
    if (!api) throw new Error('a request came past the guard');
    const answer = await this.api.handle(api);
    const gzip = (request.headers['accept-encoding'] ?? '').includes('gzip');
    await sendAnswer(reply, answer, { gzip, stopping: this.server.signal });
  }
}
