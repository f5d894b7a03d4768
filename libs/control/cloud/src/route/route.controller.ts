import type { Node } from '@binnacle/apis-kubernetes/core/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import {
  againAt,
  type Controller,
  createController,
  createEventRecorder,
  type EventRecorder,
  forEachBounded,
  fromChanges,
  type Outcome,
  type Reconciler,
  settleBounded,
} from '@binnacle/client-controller';
import type { SharedInformer } from '@binnacle/client-informers';
import type { ResourceClient } from '@binnacle/client-rest';
import type { ControllerDeps } from '@binnacle/control-workloads';
import type { Context } from '@binnacle/machinery-context';
import { formatTime, ignoreNotFound } from '@binnacle/machinery-meta';
import { semanticEqual } from '@binnacle/machinery-validation';
import type { Route, Routes } from '../provider/cloud-provider.js';
import { type CloudInstruments, silentInstruments } from '../provider/instruments.js';
import { isRouted, planCondition, planRoutes, type WantedRoute } from './plan.js';

/** All routes are looked at together. */
const KEY = 'routes';
/** Upstream's maxConcurrentRouteOperations. */
const MOST_AT_ONCE = 200;

export interface RouteControllerOptions {
  readonly routes: Routes;
  /** Ranges of Pods: routes of others are left alone. */
  readonly clusterCidrs: readonly string[];
  /** Milliseconds between two looks. */
  readonly reconciliationPeriod: number;
  readonly instruments?: CloudInstruments;
}

interface ReconcilerOptions extends RouteControllerOptions {
  readonly nodes: SharedInformer<Node>;
  readonly client: ResourceClient<Node>;
  readonly recorder: EventRecorder;
}

/** Lets the ranges of nodes lead to them. Behaves as k8s.io/cloud-provider controllers/route. */
class RouteReconciler implements Reconciler {
  constructor(private readonly options: ReconcilerOptions) {}

  async reconcile(ctx: Context): Promise<Outcome> {
    const { nodes, clusterCidrs, reconciliationPeriod, instruments = silentInstruments } = this.options;
    instruments.routesSynced();
    const [known, found] = [nodes.list(), await this.options.routes.list(ctx)];
    const { remove, create } = planRoutes(known, found, clusterCidrs);
    await this.remove(ctx, remove);
    const failed = await this.create(ctx, create);
    const concerned = known.filter((node) => isRouted(node, found));
    await forEachBounded(concerned, MOST_AT_ONCE, (node) => this.tell(ctx, node, !failed.has(node)));
    return againAt(ctx.clock.now() + reconciliationPeriod);
  }

  /** One that could not be removed is found again the next time. */
  private async remove(ctx: Context, routes: readonly Route[]): Promise<void> {
    const results = await settleBounded(routes, MOST_AT_ONCE, (route) => this.options.routes.delete(ctx, route));
    for (const [at, result] of results.entries()) {
      if (result.status === 'rejected')
        ctx.logger.warn('a route could not be deleted', { route: routes[at]?.name, error: result.reason });
    }
  }

  /** Answers the nodes that lack a route still. */
  private async create(ctx: Context, wanted: readonly WantedRoute[]): Promise<ReadonlySet<Node>> {
    const { routes } = this.options;
    const failed = new Set<Node>();
    const results = await settleBounded(wanted, MOST_AT_ONCE, ({ node, route }) =>
      routes.create(ctx, node.metadata.uid ?? '', route),
    );
    for (const [at, result] of results.entries()) {
      const missing = wanted[at];
      if (result.status === 'fulfilled' || !missing) continue;
      failed.add(missing.node);
      this.tellFailed(missing, result.reason);
    }
    return failed;
  }

  private tellFailed({ node, route }: WantedRoute, error: unknown): void {
    const { name, uid } = node.metadata;
    const text = error instanceof Error ? error.message : String(error);
    const message = `Could not create route ${uid} ${route.destinationCIDR} for node ${name}: ${text}`;
    this.options.recorder.event(node, 'Warning', 'FailedToCreateRoute', message);
  }

  private async tell(ctx: Context, node: Node, areThere: boolean): Promise<void> {
    const { client, nodes } = this.options;
    const condition = planCondition(node, areThere, formatTime(ctx.clock.now()));
    if (!condition) return;
    const { name = '', uid } = node.metadata;
    const patch = { metadata: { uid }, status: { conditions: [condition] } };
    const written = await ignoreNotFound(client.patch(ctx, { name }, 'strategic', patch, 'status'));
    if (written) await nodes.waitFor(ctx, written.metadata.resourceVersion ?? '0');
  }
}

/** Whether a change of a node may want other routes. Models handleNodeUpdate. */
const concernsRoutes = (before: Node, now: Node): boolean =>
  !semanticEqual(before.spec?.podCIDRs, now.spec?.podCIDRs) ||
  !semanticEqual(before.status?.addresses, now.status?.addresses);

/** Models k8s.io/cloud-provider controllers/route New, which looks as soon as a node changes. */
export function routeController(
  ctx: Context,
  { client, informers }: ControllerDeps,
  options: RouteControllerOptions,
): Controller {
  const nodes = informers.for<Node>(refs.nodes);
  const recorder = createEventRecorder(ctx, client, { component: 'route_controller' });
  const source = fromChanges(nodes, (node, old, enqueue) => {
    if (!old || concernsRoutes(old, node)) enqueue(KEY);
  });
  return createController({
    name: 'route',
    reconciler: new RouteReconciler({ ...options, nodes, client: client.resource<Node>(refs.nodes), recorder }),
    sources: [source],
    workers: 1,
    // Routes of a cluster at rest are looked at when it wakes.
    wakes: false,
  });
}
