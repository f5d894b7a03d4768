import { type Context, type Soon, soon } from '@binnacle/machinery-context';
import type { AuditedRequest } from '@binnacle/server-audit';
import { newMethodNotAllowed } from '@binnacle/machinery-meta';
import type { UserInfo } from '@binnacle/server-auth';
import type { Classification } from '@binnacle/server-flow-control';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Peer } from '../request/api-request.js';
import { ArrivedRequest, type PermittedRequest } from '../request/arrived-request.js';
import { ArrivalContext, CallContext } from '../request/call-context.js';
import { actOf } from '../access/access-policy.js';
import type { FlowGate } from '../access/flow-gate.js';
import { REQUEST_ID_HEADER, requestIdOf } from '../request/request-id.js';
import type { RequestLife, RequestLives } from '../request/request-life.js';
import { type RequestTarget, RequestTargets } from '../request/request-targets.js';
import { timeoutAsked } from '../request/request-timeout.js';
import { type SaidHeaders, said } from './said-headers.js';
import { Warnings } from '../answer/warnings.js';
import { peerOf } from './client-certificate.js';
import { announceBody } from './read-body.js';
import type { AccessControl } from '../access/access-control.js';
import type { Identify, RequestAuditing } from './request-auditing.js';
import { endUnlessKnown } from './unknown-caller.js';
import { connectionOf } from './upgrades.js';

/** A request that has come through the door carries who makes it and, where it is the API's, what it is about. */
export type EnteredRequest = FastifyRequest & {
  life?: RequestLife;
  caller?: UserInfo;
  api?: PermittedRequest;
  /** Whose rules say when it is served. */
  flow?: Classification;
  /** Its answer, for who has to speak before there is one. */
  entered?: FastifyReply;
  /** Headers its answer will have, whatever it is. */
  said?: SaidHeaders;
  /** Set where the audit log tells of it. */
  audited?: AuditedRequest;
};

/** What has come of a request by the time its caller is known. */
export interface Arrival {
  readonly life: RequestLife;
  readonly target: RequestTarget;
  readonly peer: Peer;
  readonly user: UserInfo;
}

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
    private readonly auditing?: RequestAuditing,
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
    const peer = peerOf(request);
    const { certificate } = peer;
    const { cluster, path } = target.info;
    // Of what another route does for its caller each thing is asked for by itself.
    const act = API_ROUTES.has(request.routeOptions.url) ? { act: actOf(info, query) } : {};
    const credentials = { headers, method, cluster, path, ...act, ...(certificate && { certificate }) };
    const identify: Identify = (proved) => this.access.authenticate(ctx, credentials, proved);
    const noted = this.auditing ? this.auditing.identifying(request, { target, peer }, identify) : identify;
    const caller = endUnlessKnown(request, noted);
    return soon(caller, (user) => this.note(request, { life, target, peer, user }));
  }

  private begin(request: EnteredRequest, reply: FastifyReply): RequestLife {
    const life = this.lives.begin(request.raw, reply.raw);
    request.life = life;
    request.entered = reply;
    return life;
  }

  /** Notes who asks for what, as soon as there is room for it. */
  private note(request: EnteredRequest, arrival: Arrival): Soon<void> {
    if (!this.auditing) return this.admit(request, arrival);
    return soon(this.auditing.begin(request, arrival), () => this.admit(request, arrival));
  }

  private admit(request: EnteredRequest, arrival: Arrival): Soon<void> {
    request.caller = arrival.user;
    const { method } = request;
    if (!METHODS.has(method)) throw newMethodNotAllowed();
    if (!API_ROUTES.has(request.routeOptions.url)) return;
    const api = this.describe(request, arrival);
    request.flow = this.gate.classify(api);
    this.gate.writeHeaders(request.flow, said(request));
    return soon(this.access.authorize(api), (permit) => {
      request.api = api.permitted(permit);
    });
  }

  private describe(request: EnteredRequest, { life, target, peer, user }: Arrival): ArrivedRequest {
    const { method, headers } = request;
    const requestId = requestIdOf(target.info.verb, headers);
    if (requestId !== undefined) said(request)[REQUEST_ID_HEADER] = requestId;
    const { audited } = request;
    const annotate = audited && ((key: string, value: string) => audited.annotate(key, value));
    const caller = { user, client: headers['user-agent'] ?? '', requestId, annotate };
    const warn = (text: string) => warnIn(request, text);
    const ctx = new CallContext(life, this.server, target.info.cluster, caller, warn);
    const arrived = new ArrivedRequest(ctx, method, target, headers, peer);
    const connection = headers.upgrade === undefined ? undefined : connectionOf(request.raw);
    if (connection) arrived.connection = connection;
    return arrived;
  }
}

const warnings = new WeakMap<EnteredRequest, Warnings>();

function warnIn(request: EnteredRequest, text: string): void {
  let known = warnings.get(request);
  if (!known) warnings.set(request, (known = new Warnings()));
  if (known.add(text)) said(request).warning = known.headers;
}

/** Members that every request gets at the door; made known before, they do not change what a request is made like. */
const MEMBERS = [
  'life',
  'caller',
  'api',
  'flow',
  'entered',
  'said',
  'audited',
] as const satisfies readonly (keyof EnteredRequest)[];

/** Lets every request through the door before anything else is done with it. */
export function guardDoor(fastify: FastifyInstance, door: RequestDoor): void {
  for (const member of MEMBERS) fastify.decorateRequest(member, null);
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
