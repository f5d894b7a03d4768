import type { Gateway, GatewayClass, GRPCRoute, HTTPRoute, Listener, ReferenceGrant } from '@binnacle/apis-gateway';
import type { Certificate } from '../front/certificates.js';
import { type GatewayObjects, planGateways } from '../gateway/plan-gateways.js';
import type { Match } from '../table/path-table.js';
import { service } from './ingresses.js';
import { facts } from './routes.js';

const API = 'gateway.networking.k8s.io/v1';
const CONTROLLER = 'binnacle.dev/ingress-controller';

export const listener = (name: string, port = 80, more: Partial<Listener> = {}): Listener => ({
  name,
  port,
  protocol: 'HTTP',
  ...more,
});

export const gatewayClass: GatewayClass = {
  apiVersion: API,
  kind: 'GatewayClass',
  metadata: { name: 'binnacle' },
  spec: { controllerName: CONTROLLER },
};

export function gateway(name: string, listeners: Listener[], namespace = 'default'): Gateway {
  const metadata = { name, namespace, uid: name, generation: 1 };
  return { apiVersion: API, kind: 'Gateway', metadata, spec: { gatewayClassName: 'binnacle', listeners } };
}

interface RouteParts {
  readonly namespace?: string;
  /** Minutes after the first. */
  readonly age?: number;
}

function metadataOf(name: string, { namespace = 'default', age = 0 }: RouteParts) {
  const creationTimestamp = new Date(Date.UTC(2026, 0, 1, 0, age)).toISOString();
  return { name, namespace, uid: `${namespace}/${name}`, generation: 1, creationTimestamp };
}

export function httpRoute(name: string, spec: HTTPRoute['spec'], parts: RouteParts = {}): HTTPRoute {
  const whole = { parentRefs: [{ name: 'edge' }], ...spec };
  return { apiVersion: API, kind: 'HTTPRoute', metadata: metadataOf(name, parts), spec: whole };
}

export function grpcRoute(name: string, spec: GRPCRoute['spec'], parts: RouteParts = {}): GRPCRoute {
  const whole = { parentRefs: [{ name: 'edge' }], ...spec };
  return { apiVersion: API, kind: 'GRPCRoute', metadata: metadataOf(name, parts), spec: whole };
}

/** In `namespace`, for those of a kind in another. */
export function grant(
  namespace: string,
  from: readonly [kind: string, namespace: string],
  to: { readonly group?: string; readonly kind: string; readonly name?: string },
): ReferenceGrant {
  const [kind, other] = from;
  return {
    apiVersion: API,
    kind: 'ReferenceGrant',
    metadata: { name: 'grant', namespace },
    spec: {
      from: [{ group: 'gateway.networking.k8s.io', kind, namespace: other }],
      to: [{ group: to.group ?? '', kind: to.kind, ...(to.name !== undefined && { name: to.name }) }],
    },
  };
}

export const certificate = (...names: string[]): Certificate => ({
  context: {} as never,
  cert: names.join(),
  key: '',
  names,
  expiresAt: 0,
});

const SERVICES = [
  service('web', [{ port: 80 }]),
  service('blog', [{ port: 80 }]),
  service('calls', [{ port: 80, appProtocol: 'kubernetes.io/h2c' }]),
];

export function plan(objects: Partial<GatewayObjects>) {
  return planGateways({
    classes: [gatewayClass],
    gateways: [],
    httpRoutes: [],
    grpcRoutes: [],
    grants: [],
    namespaceLabels: (namespace) => ({ 'kubernetes.io/metadata.name': namespace }),
    findService: (namespace, name) =>
      namespace === 'nowhere' ? undefined : SERVICES.find(({ metadata }) => metadata.name === name),
    certificate: (secret) =>
      secret.endsWith('/good') ? certificate('a.example.com') : { words: `there is no Secret ${secret}` },
    ...objects,
  });
}

/** Where a request for `host/path` leads at a port of the Gateway `default/edge`. */
export function matchAt(
  planned: ReturnType<typeof plan>,
  url: string,
  asked: { readonly port?: number } & NonNullable<Parameters<typeof facts>[1]> = {},
): Match | undefined {
  const { port = 80, ...more } = asked;
  const [host = '', ...path] = url.split('/');
  const found = planned.gateways
    .get('default/edge')
    ?.ports.find((one) => one.port === port)
    ?.hosts.find(host, facts(`/${path.join('/')}`, more));
  return found === 'misdirected' ? undefined : found;
}

/** The backend, or the words that are said in its place. */
export function leads(...args: Parameters<typeof matchAt>): string | undefined {
  const action = matchAt(...args)?.route.action;
  if (action?.kind === 'redirect') return `redirect ${action.status}`;
  if (action?.kind === 'refuse') return `${action.status} ${action.words}`;
  const [target] = action?.targets ?? [];
  if (!target) return undefined;
  return 'backend' in target ? target.backend : `${target.status} ${target.words}`;
}
