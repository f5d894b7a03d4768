import { type Context, type Soon, soon } from '@binnacle/machinery-context';
import { newMethodNotAllowed } from '@binnacle/machinery-meta';
import type { Permit, UserInfo } from '@binnacle/server-auth';
import type { Classification } from '@binnacle/server-flow-control';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ApiRequest, KnownRequest } from '../request/api-request.js';
import { ArrivalContext, CallContext } from '../request/call-context.js';
import type { FlowGate } from '../access/flow-gate.js';
import { REQUEST_ID_HEADER, requestIdOf } from '../request/request-id.js';
import type { RequestLife, RequestLives } from '../request/request-life.js';
import { type RequestTarget, RequestTargets } from '../request/request-targets.js';
import { timeoutAsked } from '../request/request-timeout.js';
import { Warnings } from '../answer/warnings.js';
import { peerOf } from './client-certificate.js';
import { announceBody } from './read-body.js';
import type { AccessControl } from '../access/access-control.js';
import { endUnlessKnown } from './unknown-caller.js';
import { connectionOf } from './upgrades.js';

/** A request that has come through the door carries who makes it and, where it is the API's, what it is about. */
export type EnteredRequest = FastifyRequest & {
  life?: RequestLife;
  caller?: UserInfo;
  api?: ApiRequest;
  /** Whose rules say when it is served. */
  flow?: Classification;
  /** Its answer, for who has to speak before there is one. */
  entered?: FastifyReply;
};

const METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);
/** Where the API is served; other routes, such as GraphQL, ask themselves what their caller may do. */
const API_ROUTES: ReadonlySet<string | undefined> = new Set(['*', '/*']);

/** Finds out what a request is about and who makes it, and refuses what they may not do, all before its body is read. */
export class RequestDoor {
  private readonly targets = new RequestTargets();

  constructor(
    private readonly server: Context,
    private readonly access: AccessControl,
    private readonly lives: RequestLives,
    private readonly gate: FlowGate,
  ) {}

  /** Throws or rejects with a StatusError. */
  enter(request: EnteredRequest, reply: FastifyReply): Soon<void> {
    const { method, headers, url } = request;
    announceBody(request);
    const life = this.begin(request, reply);
    const target = this.targets.get(method, url);
    const { info, query } = target;
    const timeout = timeoutAsked(info, query);
    if (timeout !== undefined) life.allow(timeout);
    const ctx = new ArrivalContext(life, this.server);
    const { certificate } = peerOf(request);
    const credentials = { headers, method, cluster: info.cluster, ...(certificate && { certificate }) };
    const caller = endUnlessKnown(request, () => this.access.authenticate(ctx, credentials));
    return soon(caller, (user) => this.admit(life, request, target, user));
  }

  private begin(request: EnteredRequest, reply: FastifyReply): RequestLife {
    const life = this.lives.begin(request.raw, reply.raw);
    request.life = life;
    request.entered = reply;
    return life;
  }

  private admit(life: RequestLife, request: EnteredRequest, target: RequestTarget, user: UserInfo): Soon<void> {
    request.caller = user;
    const { method } = request;
    if (!METHODS.has(method)) throw newMethodNotAllowed();
    if (!API_ROUTES.has(request.routeOptions.url)) return;
    const api = this.describe(life, request, target, user);
    request.flow = this.gate.classify(api);
    request.entered?.headers(this.gate.headersOf(request.flow));
    return soon(this.access.authorize(api), (permit) => {
      request.api = permitted(api, permit);
    });
  }

  private describe(
    life: RequestLife,
    request: EnteredRequest,
    { info, query }: RequestTarget,
    user: UserInfo,
  ): KnownRequest {
    const { method, headers, entered } = request;
    const warn = (text: string) => entered && warnIn(entered, text);
    const requestId = requestIdOf(info.verb, headers);
    if (requestId !== undefined) entered?.header(REQUEST_ID_HEADER, requestId);
    const caller = { user, client: headers['user-agent'] ?? '', requestId };
    const ctx = new CallContext(life, this.server, info.cluster, caller, warn);
    const known = { ctx, method, info, query, headers, peer: peerOf(request) };
    return headers.upgrade === undefined ? known : { ...known, connection: connectionOf(request.raw) };
  }
}

/** The same request, as one that may be made. It is the same object: every request comes this way. */
function permitted(request: KnownRequest, permit: Permit): ApiRequest {
  return Object.assign(request, { ctx: Object.assign(request.ctx, { permit }) });
}

const warnings = new WeakMap<FastifyReply, Warnings>();

function warnIn(reply: FastifyReply, text: string): void {
  let known = warnings.get(reply);
  if (!known) warnings.set(reply, (known = new Warnings()));
  if (known.add(text)) reply.header('warning', known.headers);
}

/** Lets every request through the door before anything else is done with it. */
export function guardDoor(fastify: FastifyInstance, door: RequestDoor): void {
  fastify.addHook('onRequest', (request, reply, done) => {
    try {
      const entering = door.enter(request, reply);
      if (entering) entering.then(() => done(), done);
      else done();
    } catch (error) {
      done(error as Error);
    }
  });
}
