import { All, Controller, Inject, Req, Res } from '@nestjs/common';
import type { Admission } from '@binnacle/server-flow-control';
import type { FastifyReply } from 'fastify';
import type { ApiHandler } from '../paths/api-handler.js';
import type { ApiAnswer, ApiRequest } from '../request/api-request.js';
import type { PermittedRequest } from '../request/arrived-request.js';
import { restIfLarge } from '../request/large-body.js';
import type { FlowGate } from '../access/flow-gate.js';
import type { RequestLife } from '../request/request-life.js';
import type { RequestMetrics } from './request-metrics.js';
import type { EnteredRequest } from './request-door.js';
import { indented, wantsIndent } from '../answer/indented-answer.js';
import { overWebSocket } from '../answer/message-answer.js';
import { sendAnswer } from './send-answer.js';
import { toStatusError } from './status.filter.js';
import type { UnsentAnswers } from '../answer/unsent-answers.js';
import { API_HANDLER, FLOW_GATE, REQUEST_METRICS, UNSENT_ANSWERS } from './tokens.js';

/** Streams are told of when they begin; their bodies are not noted. */
function noteAnswer({ audited, api }: EnteredRequest, answer: ApiAnswer): void {
  if (!audited || !api) return;
  audited.asked(api.body, api.headers['content-type'] ?? '');
  audited.responds(answer.status);
  if ('body' in answer) audited.answered(answer.body, answer.contentType);
  else audited.started(answer.status);
}

const nothing = (): void => undefined;

const isWatch = ({ info: { verb, resource } }: ApiRequest): boolean => verb === 'watch' && resource !== undefined;

/** The Kubernetes API. What is served where is decided by the registry, not by routes. */
@Controller()
export class ApiController {
  constructor(
    @Inject(API_HANDLER) private readonly api: ApiHandler,
    @Inject(REQUEST_METRICS) private readonly metrics: RequestMetrics,
    @Inject(FLOW_GATE) private readonly gate: FlowGate,
    @Inject(UNSENT_ANSWERS) private readonly unsent: UnsentAnswers,
  ) {}

  @All('*')
  async serve(@Req() request: EnteredRequest, @Res() reply: FastifyReply): Promise<void> {
    const { life, body, flow } = request;
    if (!request.api || !life || !flow) throw new Error('a request came past the door');
    const { api } = request;
    if (Buffer.isBuffer(body)) api.body = body;
    const started = performance.now();
    try {
      const admitted = this.gate.admit(api, flow);
      const seat = admitted instanceof Promise ? await admitted : admitted;
      const answer = overWebSocket(api, await life.during(this.answer(api, seat)));
      noteAnswer(request, answer);
      const ended = this.begun(api, answer, life);
      const gzip = (request.headers['accept-encoding'] ?? '').includes('gzip');
      try {
        const sending = sendAnswer(reply, wantsIndent(api) ? indented(answer) : answer, { gzip, life });
        if (sending) await sending;
      } finally {
        ended();
        seat.release();
      }
      if ('body' in answer) this.metrics.answered(api, answer.status, (performance.now() - started) / 1000);
    } catch (error) {
      this.metrics.answered(api, toStatusError(error).code, (performance.now() - started) / 1000);
      throw error;
    }
  }

  /** A seat is for making an answer, and taken until the work has ended. Only a watch keeps it on at first. */
  private async answer(api: PermittedRequest, seat: Admission): Promise<ApiAnswer> {
    let answer: ApiAnswer | undefined;
    try {
      const turn = restIfLarge(api);
      if (turn) await turn;
      api.initialized = () => seat.release();
      api.willAnswer = (bytes) => this.unsent.refuseIfFull(api.ctx.user.name, bytes);
      answer = await this.api.handle(api);
      return answer;
    } finally {
      if (!answer || 'body' in answer) seat.release();
    }
  }

  /** Answers the call that says a stream has ended. Of the rest, what its reader has not got yet may wait at the connection. */
  private begun(api: ApiRequest, answer: ApiAnswer, life: RequestLife): () => void {
    if (!('body' in answer)) return this.streaming(api, answer.status, life);
    const size = answer.body.reduce((sum, piece) => sum + piece.length, 0);
    life.release(this.unsent.begin(api.ctx.user.name, size));
    return nothing;
  }

  private streaming(api: ApiRequest, status: number, life: RequestLife): () => void {
    const ended = this.metrics.streaming(api, status);
    const forget = this.gate.noteWatch(api);
    // What is watched holds its right itself.
    const letGo = isWatch(api) ? nothing : api.ctx.permit.hold({ end: (why) => life.end(why) });
    return () => {
      ended();
      forget();
      letGo();
    };
  }
}
