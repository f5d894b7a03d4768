import { Controller, Get, Inject, Post, Req, Res } from '@nestjs/common';
import { explorerPage } from './explorer/page.js';
import type { GraphqlService, HttpAnswer } from './service.js';
import {
  GRAPHQL_IDENTIFY,
  GRAPHQL_SERVICE,
  type Identify,
  type IncomingOperation,
  type OutgoingAnswer,
} from './tokens.js';

function send(reply: OutgoingAnswer, answer: HttpAnswer): void {
  reply
    .code(answer.status)
    .headers({ 'cache-control': 'no-store', ...answer.headers })
    .send(answer.body);
}

/** `/graphql`: operations by POST or GET, and the explorer for browsers. */
@Controller(['graphql', 'clusters/:cluster/graphql'])
export class GraphqlController {
  constructor(
    @Inject(GRAPHQL_SERVICE) private readonly service: GraphqlService,
    @Inject(GRAPHQL_IDENTIFY) private readonly identify: Identify,
  ) {}

  @Get()
  async read(@Req() request: IncomingOperation, @Res() reply: OutgoingAnswer): Promise<void> {
    const wantsPage = (request.headers.accept ?? '').includes('text/html') && !request.url.includes('query=');
    if (!wantsPage) return this.run(request, reply);
    send(reply, { status: 200, headers: { 'content-type': 'text/html; charset=utf-8' }, body: explorerPage });
  }

  @Post()
  async run(@Req() request: IncomingOperation, @Res() reply: OutgoingAnswer): Promise<void> {
    const ctx = await this.identify(request, reply);
    const answer = await this.service.execute(ctx, {
      method: request.method,
      headers: request.headers,
      search: request.url.includes('?') ? request.url.slice(request.url.indexOf('?')) : '',
      body: Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0),
    });
    send(reply, answer);
  }
}
