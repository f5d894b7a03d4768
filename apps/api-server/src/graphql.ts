import type { IncomingMessage } from 'node:http';
import { ROOT_CLUSTER } from '@binnacle/apis-iam';
import { type Context, withSignal } from '@binnacle/machinery-context';
import { REACHABILITY_REVIEWS, reachabilityKind } from '@binnacle/apis-kubernetes/reachability/v1';
import { WHO_CANS, whoCanKind } from '@binnacle/apis-kubernetes/who-can/v1';
import { DEFAULT_CLUSTER, newBadRequest } from '@binnacle/machinery-meta';
import { ONE_SEAT } from '@binnacle/server-flow-control';
import {
  type AskReachability,
  type AskWhoCan,
  type Admit,
  type Attempt,
  type Authorize,
  type BrowserOf,
  GraphqlModule,
  type HandOver,
  type Identify,
  type IdentifySocket,
  type People,
} from '@binnacle/server-graphql';
import {
  addressOf,
  type ApiServerParts,
  checkSite,
  type EnteredRequest,
  isSecure,
  noteAttempt,
  peerOf,
  type RequestLife,
} from '@binnacle/server-http';
import { withPermit } from '@binnacle/server-registry';
import { presentCluster } from '@binnacle/server-storage';
import type { DynamicModule } from '@nestjs/common';
import { callerContext } from './caller.js';

const REACHABILITY = {
  group: reachabilityKind.group,
  version: reachabilityKind.version,
  resource: REACHABILITY_REVIEWS,
  subresource: '',
  namespace: '',
  name: '',
};

const CLUSTER_PREFIX = /^\/clusters\/([^/?]+)\//;

function clusterOf(url: string): string {
  const name = CLUSTER_PREFIX.exec(url)?.[1];
  if (!name) return DEFAULT_CLUSTER;
  try {
    return decodeURIComponent(name);
  } catch {
    throw newBadRequest(`the name of the cluster is not encoded as a URL must be: ${name.slice(0, 100)}`);
  }
}

/** Asks the API's own authorizer about what a resolver is going to do. */
function authorizeWith({ access, auditor }: ApiServerParts): Authorize {
  return async (ctx, { verb, definition, subresource = '', namespace = '', name = '' }: Attempt) => {
    const { group, version, names } = definition;
    const resource = { group, version, resource: names.plural, subresource, namespace, name, rest: '' };
    const info = { cluster: ctx.cluster, path: '/graphql', verb, resource };
    const query = new URLSearchParams();
    const request = { ctx, method: 'POST', info, query, headers: {}, showsVisible: true };
    const ask = async () => access.authorize(request);
    return withPermit(ctx, auditor ? await noteAttempt(auditor, request, ask) : await ask());
  };
}

/** Does what REST has a path for as it is done there: the path is asked for, and noted. */
function peopleOf({ people, access, auditor }: ApiServerParts): People | undefined {
  if (!people) return undefined;
  const { own, others, invitations, sessions } = people;
  const asPath: People['asPath'] = (ctx, { path, verb }, act) => {
    const info = { cluster: ctx.cluster, path, verb };
    const request = { ctx, method: verb.toUpperCase(), info, query: new URLSearchParams(), headers: {} };
    const allowed = async () => {
      await access.authorize(request);
      return act();
    };
    return auditor ? noteAttempt(auditor, request, allowed) : allowed();
  };
  return { own, others, invitations, sessions, asPath };
}

/** Whoever sent a request, as somebody who may be signed in by its answer. */
const browserOf: BrowserOf = ({ raw, headers }) => {
  const origin = { headers, peer: peerOf({ raw }) };
  return () => {
    checkSite(origin);
    return { headers, address: addressOf(origin), secure: isSecure(origin) };
  };
};

/** Asks as the same question is asked over REST. */
function whoCanWith({ access, whoCan }: ApiServerParts): AskWhoCan {
  return async (ctx, spec) => {
    const { group, version } = whoCanKind;
    const resource = { group, version, resource: WHO_CANS, subresource: '', namespace: '', name: '' };
    await access.permit(ctx, { user: ctx.user, cluster: ctx.cluster, verb: 'create', resource });
    return whoCan.answer(ctx, spec);
  };
}

function reachabilityWith({ access, reachability }: ApiServerParts): AskReachability {
  return async (ctx, spec, onRead) => {
    await access.permit(ctx, { user: ctx.user, cluster: ctx.cluster, verb: 'create', resource: REACHABILITY });
    return reachability.answer(ctx, spec, onRead);
  };
}

/** What one seat stands for, in points: a few milliseconds of the event loop, as a list of a hundred converted objects. */
const POINTS_PER_SEAT = 5_000;
const MOST_SEATS = 10;

/** Operations take seats of their caller's priority level by what they cost; a subscription until it has been opened. */
function admitWith({ flow }: ApiServerParts): Admit {
  return (ctx, { points }, run) => {
    const request = { user: ctx.user, cluster: presentCluster(ctx.cluster), verb: 'post', path: '/graphql' };
    const most = Math.min(flow.classify(request).level.mostSeats || MOST_SEATS, MOST_SEATS);
    const initialSeats = Math.max(1, Math.min(most, Math.ceil(points / POINTS_PER_SEAT)));
    return flow.run(ctx, request, run, { ...ONE_SEAT, initialSeats, isLong: points > POINTS_PER_SEAT });
  };
}

/** The server's context, ending with whatever ends first: the operation's client, its time or the server. */
const within = (ctx: Context, life: RequestLife | undefined): Context => (life ? withSignal(ctx, life.signal) : ctx);

/** GraphQL over the parts of the API server, under the same authentication and authorization. */
export function graphqlModule(ctx: Context, parts: ApiServerParts): DynamicModule {
  const { access } = parts;
  const identify: Identify = async (request) =>
    callerContext(within(ctx, parts.lives.of(request.raw as object)), access, {
      door: 'graphql',
      method: request.method,
      cluster: clusterOf(request.url),
      headers: request.headers,
      peer: peerOf(request),
      user: (request as unknown as EnteredRequest).caller,
      // Whoever has the secret of an invitation is nobody yet.
      byAnybody: parts.people !== undefined && clusterOf(request.url) === ROOT_CLUSTER,
    });
  const identifySocket: IdentifySocket = async (request: IncomingMessage, token) =>
    callerContext(within(ctx, parts.lives.ofConnection(request.socket)), access, {
      door: 'graphql',
      // A subscription reads; what a mutation over a socket may do is decided by the authorizer.
      method: 'GET',
      cluster: clusterOf(request.url ?? '/'),
      headers: token ? { ...request.headers, authorization: `Bearer ${token}` } : request.headers,
      peer: peerOf({ raw: request }),
    });
  const onInternalError = (error: unknown) =>
    ctx.logger.error('a GraphQL operation failed', { error: error instanceof Error ? error.stack : String(error) });
  const authorize = authorizeWith(parts);
  const admit = admitWith(parts);
  const handOver: HandOver = ({ user }, request, bytes) =>
    parts.lives.of(request.raw as object)?.release(parts.unsent.begin(user.name, bytes));
  const { registry, openRights } = parts;
  const asked = {
    authorize,
    whoCan: whoCanWith(parts),
    reachability: reachabilityWith(parts),
    people: peopleOf(parts),
    admit,
  };
  const doors = { identify, identifySocket, openRights, browserOf, handOver };
  return GraphqlModule.of({ registry, ...asked, ...doors, onInternalError });
}
