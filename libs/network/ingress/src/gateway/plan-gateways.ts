import type {
  Gateway,
  GatewayClass,
  GRPCRoute,
  HTTPRoute,
  ParentReference,
  ReferenceGrant,
} from '@binnacle/apis-gateway';
import type { KubeObject } from '@binnacle/machinery-meta';
import { Backends, type FindService } from '../plan/backends.js';
import type { BackendSpec } from '../upstream/backend.js';
import { attach, gatewayKey, type NamespaceLabels, type RoutePlace } from './attach.js';
import { Grants } from './grants.js';
import { type ReadCertificate, type ReadListener, readListeners, secretsOf } from './listeners.js';
import { type PlannedPort, PortBook } from './port-book.js';
import { References } from './references.js';
import { grpcRules, httpRules, type Rule } from './rules.js';
import { no, type Said } from './said.js';

/** What the Gateways of a logical cluster are planned from. */
export interface GatewayObjects {
  readonly classes: readonly GatewayClass[];
  readonly gateways: readonly Gateway[];
  readonly httpRoutes: readonly HTTPRoute[];
  readonly grpcRoutes: readonly GRPCRoute[];
  readonly grants: readonly ReferenceGrant[];
  readonly namespaceLabels: NamespaceLabels;
  readonly findService: FindService;
  readonly certificate: ReadCertificate;
}

/** A Gateway of ours, and what is to be served and said of it. */
export interface PlannedGateway {
  readonly gateway: Gateway;
  readonly listeners: readonly ReadListener[];
  /** By the name of the listener. */
  readonly attachedRoutes: ReadonlyMap<string, number>;
  readonly ports: readonly PlannedPort[];
}

export type AnyRoute = HTTPRoute | GRPCRoute;

/** What is to be said of a route by each of its parents that is ours. */
export interface PlannedRoute {
  readonly route: AnyRoute;
  readonly parents: readonly { readonly parentRef: ParentReference; readonly said: readonly Said[] }[];
}

export interface GatewayPlan {
  /** By `namespace/name`. */
  readonly gateways: ReadonlyMap<string, PlannedGateway>;
  /** By the uid of the route. */
  readonly routes: ReadonlyMap<string, PlannedRoute>;
  readonly backends: ReadonlyMap<string, BackendSpec>;
  /** Secrets that are named, as `namespace/name`. */
  readonly secrets: ReadonlySet<string>;
}

const keyOf = ({ metadata }: KubeObject): string => `${metadata.namespace ?? ''}/${metadata.name ?? ''}`;

/** The oldest first, and of one second the first by name. */
function byAge(a: KubeObject, b: KubeObject): number {
  const [older, newer] = [a.metadata.creationTimestamp ?? '', b.metadata.creationTimestamp ?? ''];
  if (older !== newer) return older < newer ? -1 : 1;
  return keyOf(a) < keyOf(b) ? -1 : 1;
}

class GatewayDraft {
  readonly ports = new PortBook();
  private readonly attached = new Map<string, Set<string>>();

  constructor(
    readonly gateway: Gateway,
    readonly listeners: readonly ReadListener[],
  ) {
    for (const listener of listeners) {
      this.attached.set(listener.listener.name, new Set());
      if (listener.isProgrammed) this.ports.open(listener);
    }
  }

  count(listener: ReadListener, route: string): void {
    this.attached.get(listener.listener.name)?.add(route);
  }

  planned(): PlannedGateway {
    const { gateway, listeners, ports, attached } = this;
    const attachedRoutes = new Map([...attached].map(([name, routes]) => [name, routes.size]));
    return { gateway, listeners, attachedRoutes, ports: ports.planned() };
  }
}

interface RuleSet {
  readonly rules: readonly Rule[];
  readonly resolved: Said;
  /** Why the route is not accepted, whoever its parents are. */
  readonly refused?: Said;
}

/** Plans routes one after the other, the oldest first. */
class Planner {
  readonly drafts = new Map<string, GatewayDraft>();
  readonly routes = new Map<string, PlannedRoute>();
  readonly backends: Backends;
  private readonly grants: Grants;

  constructor(private readonly objects: GatewayObjects) {
    this.backends = new Backends(objects.findService);
    this.grants = new Grants(objects.grants);
    const names = new Set(objects.classes.map(({ metadata }) => metadata.name ?? ''));
    const facts = { grants: this.grants, certificate: objects.certificate };
    for (const gateway of objects.gateways) {
      if (!names.has(gateway.spec.gatewayClassName) || gateway.metadata.deletionTimestamp) continue;
      this.drafts.set(keyOf(gateway), new GatewayDraft(gateway, readListeners(gateway, facts)));
    }
  }

  add(kind: RoutePlace['kind'], route: AnyRoute): void {
    const namespace = route.metadata.namespace ?? '';
    const parents = (route.spec.parentRefs ?? []).filter((parent) => this.draftOf(parent, namespace));
    if (parents.length === 0) return;
    const set = this.rulesOf(kind, namespace, route);
    const hostnames = (route.spec.hostnames ?? []).map((hostname) => hostname.toLowerCase());
    const place: RoutePlace = { kind, namespace, hostnames };
    this.routes.set(route.metadata.uid ?? '', {
      route,
      parents: parents.map((parentRef) => ({ parentRef, said: this.attach(parentRef, place, route, set) })),
    });
  }

  private draftOf(parent: ParentReference, namespace: string): GatewayDraft | undefined {
    return this.drafts.get(gatewayKey(parent, namespace) ?? '');
  }

  private rulesOf(kind: RoutePlace['kind'], namespace: string, route: AnyRoute): RuleSet {
    const references = new References({ kind, namespace }, this.backends, this.grants);
    try {
      const rules =
        kind === 'HTTPRoute' ? httpRules(route as HTTPRoute, references) : grpcRules(route as GRPCRoute, references);
      return { rules, resolved: references.said };
    } catch (error) {
      const refused = no('Accepted', 'UnsupportedValue', (error as Error).message);
      return { rules: [], resolved: references.said, refused };
    }
  }

  private attach(parent: ParentReference, place: RoutePlace, route: AnyRoute, set: RuleSet): Said[] {
    const draft = this.draftOf(parent, place.namespace);
    if (!draft) return [];
    const { accepted, attached } = attach(draft.gateway, draft.listeners, parent, place, this.objects.namespaceLabels);
    if (set.refused && accepted.status === 'True') return [set.refused, set.resolved];
    for (const { listener, hosts } of attached) {
      draft.count(listener, `${place.kind} ${keyOf(route)}`);
      const origin = { kind: place.kind, namespace: place.namespace, name: route.metadata.name ?? '' };
      if (listener.isProgrammed) draft.ports.add(listener, hosts, set.rules, origin);
    }
    return [accepted, set.resolved];
  }
}

/** Says of all Gateways of ours and of all their routes what is to be served, and what is to be told. */
export function planGateways(objects: GatewayObjects): GatewayPlan {
  const planner = new Planner(objects);
  const routes = [
    ...objects.httpRoutes.map((route) => ({ kind: 'HTTPRoute' as const, route })),
    ...objects.grpcRoutes.map((route) => ({ kind: 'GRPCRoute' as const, route })),
  ].sort((a, b) => byAge(a.route, b.route));
  for (const { kind, route } of routes) planner.add(kind, route);
  const gateways = new Map([...planner.drafts].map(([key, draft]) => [key, draft.planned()]));
  const secrets = [...gateways.values()].flatMap(({ gateway }) =>
    gateway.spec.listeners.flatMap((listener) => secretsOf(gateway, listener)),
  );
  return { gateways, routes: planner.routes, backends: planner.backends.all, secrets: new Set(secrets) };
}
