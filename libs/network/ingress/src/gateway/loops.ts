import { isDeepStrictEqual } from 'node:util';
import { type Gateway, type GatewayClass, type GRPCRoute, gatewayRefs, type HTTPRoute } from '@binnacle/apis-gateway';
import type { Node, Service } from '@binnacle/apis-kubernetes/core/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import {
  type Controller,
  createController,
  done,
  fromMapped,
  fromObjects,
  type Source,
} from '@binnacle/client-controller';
import { type Informer, keyOf, splitKey } from '@binnacle/client-informers';
import type { KubeClient, ResourceRef } from '@binnacle/client-rest';
import { type Context, formatTime } from '@binnacle/machinery-context';
import { isAlreadyExists } from '@binnacle/machinery-meta';
import type { GatewayFollower } from './gateway-follower.js';
import { gatewayService, servicePatch } from './gateway-service.js';
import type { AnyRoute } from './plan-gateways.js';
import { classStatus, gatewayStatus, routeParents } from './status.js';

export interface GatewayLoopParts {
  readonly client: KubeClient;
  readonly follower: GatewayFollower;
}

const API_VERSION = 'gateway.networking.k8s.io/v1';

/** Whenever everything has been planned anew. */
function fromPlans(follower: GatewayFollower, keys: () => Iterable<string>): Source {
  return {
    start: (enqueue) =>
      follower.onPlanned(() => {
        for (const key of keys()) enqueue(key);
      }),
    synced: () => Promise.resolve(),
  };
}

const nowText = ({ clock }: Context): string => formatTime(clock.now());

/** A status as it was read is replaced, and not what somebody has written meanwhile. */
async function writeStatus(
  ctx: Context,
  client: KubeClient,
  ref: ResourceRef,
  object: Gateway | GatewayClass | AnyRoute,
  status: object,
): Promise<void> {
  const { resourceVersion } = object.metadata;
  const patch = { metadata: { resourceVersion }, status };
  await client.resource(ref).patch(ctx, splitKey(keyOf(object)), 'merge', patch, 'status');
}

/** Makes the class, once in the life of the program in a cluster that has nodes, and says of all of ours what is done for them. */
export function gatewayClassController(
  { client, follower }: GatewayLoopParts,
  name: string,
  nodes: Informer<Node>,
): Controller {
  const { classes } = follower.sources;
  let isMade = false;
  const make = async (ctx: Context): Promise<void> => {
    isMade ||= classes.get(name) !== undefined;
    if (isMade || !follower.isFollowed || nodes.list().length === 0) return;
    const made: GatewayClass = {
      apiVersion: API_VERSION,
      kind: 'GatewayClass',
      metadata: { name },
      spec: { controllerName: follower.controllerName },
    };
    await client
      .resource<GatewayClass>(gatewayRefs.gatewayclasses)
      .create(ctx, made)
      .catch((error: unknown) => {
        if (!isAlreadyExists(error)) throw error;
      });
    isMade = true;
  };
  return createController({
    name: 'gateway-class',
    reconciler: {
      async reconcile(ctx, key) {
        if (key === name) await make(ctx);
        const known = classes.get(key);
        if (!known || known.spec.controllerName !== follower.controllerName) return done;
        const status = classStatus(known, nowText(ctx));
        if (!isDeepStrictEqual(known.status, status))
          await writeStatus(ctx, client, gatewayRefs.gatewayclasses, known, status);
        return done;
      },
    },
    sources: [fromPlans(follower, () => [name, ...follower.classes().map(keyOf)]), fromMapped(nodes, () => name)],
    workers: 1,
  });
}

/** Keeps a Service for each Gateway, by which that is given its address. With the Gateway it is collected. */
export function gatewayServiceController({ client, follower }: GatewayLoopParts): Controller {
  const services = client.resource<Service>(refs.services);
  return createController({
    name: 'gateway-service',
    reconciler: {
      async reconcile(ctx, key) {
        const planned = follower.plan.gateways.get(key);
        if (!planned) return done;
        const wanted = gatewayService(planned.gateway);
        const service = follower.serviceOf(planned.gateway);
        const patch = service && servicePatch(service, wanted);
        if (!service) await services.create(ctx, wanted);
        else if (patch) await services.patch(ctx, splitKey(keyOf(service)), 'merge', patch);
        return done;
      },
    },
    sources: [fromPlans(follower, () => follower.plan.gateways.keys())],
  });
}

/** Says of each Gateway of ours where it is served, and what of it cannot be. */
export function gatewayStatusController({ client, follower }: GatewayLoopParts): Controller {
  const { gateways } = follower.sources;
  return createController({
    name: 'gateway-status',
    reconciler: {
      async reconcile(ctx, key) {
        const planned = follower.plan.gateways.get(key);
        const gateway = gateways.get(key);
        // What has changed since is planned in a moment, and said then.
        if (!planned || !gateway || planned.gateway.metadata.generation !== gateway.metadata.generation) return done;
        const status = gatewayStatus({ ...planned, gateway }, follower.servedAt(gateway), nowText(ctx));
        if (!isDeepStrictEqual(gateway.status, status))
          await writeStatus(ctx, client, gatewayRefs.gateways, gateway, status);
        return done;
      },
    },
    sources: [fromPlans(follower, () => follower.plan.gateways.keys()), fromObjects(gateways)],
  });
}

const kindRef = { HTTPRoute: gatewayRefs.httproutes, GRPCRoute: gatewayRefs.grpcroutes } as const;
type RouteKindName = keyof typeof kindRef;

const routeKey = (kind: string, key: string): string => `${kind} ${key}`;

/** Says of each route what its parents of ours make of it. */
export function routeStatusController({ client, follower }: GatewayLoopParts): Controller {
  const { httpRoutes, grpcRoutes } = follower.sources;
  const informers: Record<RouteKindName, Informer<HTTPRoute> | Informer<GRPCRoute>> = {
    HTTPRoute: httpRoutes,
    GRPCRoute: grpcRoutes,
  };
  const keys = () => [
    ...httpRoutes.list().map((route) => routeKey('HTTPRoute', keyOf(route))),
    ...grpcRoutes.list().map((route) => routeKey('GRPCRoute', keyOf(route))),
  ];
  return createController({
    name: 'gateway-route-status',
    reconciler: {
      async reconcile(ctx, key) {
        const [kind, name = ''] = key.split(' ') as [RouteKindName, string];
        const route = informers[kind].get(name);
        if (!route) return done;
        const planned = follower.plan.routes.get(route.metadata.uid ?? '');
        if (planned && planned.route.metadata.generation !== route.metadata.generation) return done;
        const parents = routeParents(route, planned, follower.controllerName, nowText(ctx));
        if (!isDeepStrictEqual(route.status?.parents ?? [], parents))
          await writeStatus(ctx, client, kindRef[kind], route, { parents });
        return done;
      },
    },
    sources: [
      fromPlans(follower, keys),
      fromMapped<HTTPRoute>(httpRoutes, (route) => routeKey('HTTPRoute', keyOf(route))),
      fromMapped<GRPCRoute>(grpcRoutes, (route) => routeKey('GRPCRoute', keyOf(route))),
    ],
  });
}
