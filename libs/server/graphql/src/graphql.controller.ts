import { All, Controller, Inject, Req, Res } from '@nestjs/common';
import { newMethodNotSupported, newUnauthorized } from '@binnacle/machinery-meta';
import { isNobody } from './execution/open-fields.js';
import { explorerHeaders, explorerPage } from './explorer/page.js';
import type { GraphqlService, HttpAnswer } from './service.js';
import type { CallerContext } from '@binnacle/server-registry';
import {
  type BrowserOf,
  GRAPHQL_BROWSER,
  GRAPHQL_HAND_OVER,
  GRAPHQL_IDENTIFY,
  GRAPHQL_SERVICE,
  type HandOver,
  type Identify,
  type IncomingOperation,
  type OutgoingAnswer,
} from './tokens.js';

const METHODS = ['GET', 'POST'];
const EXPLORER = { status: 200, headers: explorerHeaders, body: Buffer.from(explorerPage) };

const wantsPage = ({ headers, url }: IncomingOperation): boolean =>
  (headers.accept ?? '').includes('text/html') && !url.includes('query=');

function send(reply: OutgoingAnswer, answer: HttpAnswer): void {
  reply
    .code(answer.status)
    .headers({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff', ...answer.headers })
    .send(answer.body);
}

/** `/graphql`: operations by POST or GET, and the explorer for browsers. */
@Controller(['graphql', 'clusters/:cluster/graphql'])
export class GraphqlController {
  constructor(
    @Inject(GRAPHQL_SERVICE) private readonly service: GraphqlService,
    @Inject(GRAPHQL_IDENTIFY) private readonly identify: Identify,
    @Inject(GRAPHQL_HAND_OVER) private readonly handOver: HandOver,
    @Inject(GRAPHQL_BROWSER) private readonly browserOf: BrowserOf,
  ) {}

  @All()
  async serve(@Req() request: IncomingOperation, @Res() reply: OutgoingAnswer): Promise<void> {
    if (request.method === 'GET' && wantsPage(request)) send(reply, EXPLORER);
    else if (METHODS.includes(request.method)) await this.run(request, reply);
    else await this.refuse(request, reply);
  }

  async run(request: IncomingOperation, reply: OutgoingAnswer): Promise<void> {
    const ctx = await this.identify(request, reply);
    const answer = await this.service.execute(ctx, {
      method: request.method,
      headers: request.headers,
      search: request.url.includes('?') ? request.url.slice(request.url.indexOf('?')) : '',
      body: Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0),
      browser: this.browserOf(request),
    });
    send(reply, this.handedOver(ctx, request, answer));
  }

  /** Tells somebody, and nobody else, how it is asked. */
  private async refuse(request: IncomingOperation, reply: OutgoingAnswer): Promise<never> {
    if (isNobody(await this.identify(request, reply))) throw newUnauthorized('Unauthorized');
    reply.header('allow', METHODS.join(', '));
    throw newMethodNotSupported({ group: '', resource: 'graphql' }, request.method);
  }

  private handedOver(ctx: CallerContext, request: IncomingOperation, answer: HttpAnswer): HttpAnswer {
    try {
      this.handOver(ctx, request, answer.body.length);
      return answer;
    } catch (error) {
      return this.service.refused(error);
    }
  }
}
