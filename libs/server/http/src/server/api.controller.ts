import { All, Controller, Inject, Req, Res, UseGuards } from '@nestjs/common';
import type { Context } from '@binnacle/machinery-context';
import { newTimeout } from '@binnacle/machinery-meta';
import type { FastifyReply } from 'fastify';
import type { ApiHandler } from '../api-handler.js';
import type { ApiAnswer, ApiRequest } from '../api-request.js';
import type { RequestMetrics } from '../request-metrics.js';
import { AccessGuard, type GuardedRequest } from './access.guard.js';
import { indented, wantsIndent } from '../indented-answer.js';
import { sendAnswer } from './send-answer.js';
import { toStatusError } from './status.filter.js';
import { API_HANDLER, REQUEST_METRICS, SERVER_CONTEXT, STOPPING } from './tokens.js';

/** A request that has no answer after this long gets a Timeout; streams have a time of their own. */
const LONGEST_MILLISECONDS = 60_000;

/** The Kubernetes API. What is served where is decided by the registry, not by routes. */
@Controller()
@UseGuards(AccessGuard)
export class ApiController {
  constructor(
    @Inject(SERVER_CONTEXT) private readonly server: Context,
    @Inject(API_HANDLER) private readonly api: ApiHandler,
    @Inject(REQUEST_METRICS) private readonly metrics: RequestMetrics,
    @Inject(STOPPING) private readonly stopping: AbortSignal,
  ) {}

  @All('*')
  async serve(@Req() request: GuardedRequest, @Res() reply: FastifyReply): Promise<void> {
    const { api } = request;
    if (!api) throw new Error('a request came past the guard');
    const started = performance.now();
    try {
      const answer = await this.answerInTime(api);
      const ended = 'stream' in answer ? this.metrics.streaming(api, answer.status) : undefined;
      const gzip = (request.headers['accept-encoding'] ?? '').includes('gzip');
      await sendAnswer(reply, wantsIndent(api) ? indented(answer) : answer, { gzip, stopping: this.stopping }).finally(
        ended,
      );
      if (!ended) this.metrics.answered(api, answer.status, (performance.now() - started) / 1000);
    } catch (error) {
      this.metrics.answered(api, toStatusError(error).code, (performance.now() - started) / 1000);
      throw error;
    }
  }

  private answerInTime(api: ApiRequest): Promise<ApiAnswer> {
    return new Promise((resolve, reject) => {
      const late = () => reject(newTimeout('request did not complete within the allotted timeout'));
      const cancel = this.server.clock.after(LONGEST_MILLISECONDS, late);
      this.api.handle(api).then(resolve, reject).finally(cancel);
    });
  }
}
