import type { GatewayClass, GatewayStatus, ListenerStatus, RouteParentStatus } from '@binnacle/apis-gateway';
import type { ReadListener } from './listeners.js';
import type { AnyRoute, PlannedGateway, PlannedRoute } from './plan-gateways.js';
import { no, type Said, writtenConditions, yes } from './said.js';

/** What is done of the Gateway API, by the names of its features: those whose cases of its conformance suite all passed. */
export const SUPPORTED_FEATURES = [
  'GRPCRoute',
  'GRPCRouteNamedRouteRule',
  'Gateway',
  'GatewayAddressEmpty',
  'GatewayHTTPListenerIsolation',
  'GatewayHTTPSListenerDetectMisdirectedRequests',
  'GatewayInfrastructurePropagation',
  'GatewayPort8080',
  'HTTPRoute',
  'HTTPRoute303RedirectStatusCode',
  'HTTPRoute307RedirectStatusCode',
  'HTTPRoute308RedirectStatusCode',
  'HTTPRouteBackendProtocolH2C',
  'HTTPRouteBackendProtocolWebSocket',
  'HTTPRouteBackendRequestHeaderModification',
  'HTTPRouteBackendTimeout',
  'HTTPRouteCORS',
  'HTTPRouteDestinationPortMatching',
  'HTTPRouteHostRewrite',
  'HTTPRouteMethodMatching',
  'HTTPRouteNamedRouteRule',
  'HTTPRouteParentRefPort',
  'HTTPRoutePathRedirect',
  'HTTPRoutePathRewrite',
  'HTTPRoutePortRedirect',
  'HTTPRouteQueryParamMatching',
  'HTTPRouteRequestMirror',
  'HTTPRouteRequestMultipleMirrors',
  'HTTPRouteRequestPercentageMirror',
  'HTTPRouteRequestTimeout',
  'HTTPRouteResponseHeaderModification',
  'HTTPRouteSchemeRedirect',
  'ReferenceGrant',
] as const;

export function classStatus(gatewayClass: GatewayClass, now: string): NonNullable<GatewayClass['status']> {
  const { spec, status, metadata } = gatewayClass;
  const said = spec.parametersRef
    ? no('Accepted', 'InvalidParameters', 'Gateways of this class take no parameters')
    : yes('Accepted');
  return {
    ...status,
    conditions: writtenConditions(status?.conditions, [said], metadata.generation, now),
    supportedFeatures: SUPPORTED_FEATURES.map((name) => ({ name })),
  };
}

/** Where a Gateway is served, or why it is not. */
export type Served = { readonly address: string } | { readonly words: string };

const isValid = ({ said }: ReadListener): boolean =>
  said.every(({ type, status }) => (type === 'Conflicted' ? status === 'False' : status === 'True'));

function acceptance({ gateway, listeners }: PlannedGateway): Said {
  if (gateway.spec.infrastructure?.parametersRef)
    return no('Accepted', 'InvalidParameters', 'Gateways take no parameters here');
  if (gateway.spec.addresses?.some(({ type = 'IPAddress', value }) => value || type !== 'IPAddress'))
    return no('Accepted', 'UnsupportedAddress', 'addresses are given by whoever gives them to Services');
  if (!listeners.some(({ isAccepted }) => isAccepted))
    return no('Accepted', 'ListenersNotValid', 'none of the listeners can be served');
  return listeners.every(isValid)
    ? yes('Accepted')
    : yes('Accepted', 'ListenersNotValid', 'some of the listeners cannot be served');
}

/** Whether anything of a Gateway is served. */
export function isServed(planned: PlannedGateway): boolean {
  return acceptance(planned).status === 'True' && planned.ports.length > 0;
}

function programming(planned: PlannedGateway, served: Served): Said {
  if (!isServed(planned)) return no('Programmed', 'Invalid', 'nothing of the Gateway can be served');
  if ('words' in served) return no('Programmed', 'AddressNotAssigned', served.words);
  return yes('Programmed');
}

function resolution({ listeners }: PlannedGateway): Said {
  const isResolved = ({ said }: ReadListener) => said.find(({ type }) => type === 'ResolvedRefs')?.status === 'True';
  return listeners.every(isResolved)
    ? yes('ResolvedRefs')
    : no('ResolvedRefs', 'ListenersNotResolved', 'a listener refers to what is not there');
}

function listenerStatus(planned: PlannedGateway, served: Served, read: ReadListener, now: string): ListenerStatus {
  const { gateway, attachedRoutes } = planned;
  const { name } = read.listener;
  const before = gateway.status?.listeners?.find((one) => one.name === name);
  const waiting = isServed(planned) && 'words' in served ? served.words : undefined;
  const said = read.said.map((one) =>
    one.type === 'Programmed' && one.status === 'True' && waiting !== undefined
      ? no('Programmed', 'Pending', waiting)
      : one,
  );
  return {
    name,
    supportedKinds: [...read.kinds],
    attachedRoutes: attachedRoutes.get(name) ?? 0,
    conditions: writtenConditions(before?.conditions, said, gateway.metadata.generation, now),
  };
}

export function gatewayStatus(planned: PlannedGateway, served: Served, now: string): GatewayStatus {
  const { gateway, listeners } = planned;
  const said = [acceptance(planned), programming(planned, served), resolution(planned)];
  return {
    ...gateway.status,
    addresses: 'address' in served ? [{ type: 'IPAddress', value: served.address }] : [],
    conditions: writtenConditions(gateway.status?.conditions, said, gateway.metadata.generation, now),
    listeners: listeners.map((listener) => listenerStatus(planned, served, listener, now)),
  };
}

const parentText = (parent: RouteParentStatus['parentRef']): string =>
  JSON.stringify([parent.group, parent.kind, parent.namespace, parent.name, parent.sectionName, parent.port]);

/** What the parents of a route say, besides those that others answer for. */
export function routeParents(
  route: AnyRoute,
  planned: PlannedRoute | undefined,
  controllerName: string,
  now: string,
): RouteParentStatus[] {
  const before = route.status?.parents ?? [];
  const others = before.filter((parent) => parent.controllerName !== controllerName);
  const own = (planned?.parents ?? []).map(({ parentRef, said }) => {
    const old = before.find(
      (parent) => parent.controllerName === controllerName && parentText(parent.parentRef) === parentText(parentRef),
    );
    const conditions = writtenConditions(old?.conditions, said, route.metadata.generation, now);
    return { parentRef, controllerName, conditions };
  });
  return [...others, ...own];
}
