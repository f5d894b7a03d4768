import type { Service, ServicePort } from '@binnacle/apis-kubernetes/core/v1';
import type { EndpointSlice } from '@binnacle/apis-kubernetes/discovery/v1';
import { LABEL_SERVICE_PROXY_NAME } from '@binnacle/apis-kubernetes/well-known';
import { type Family, familyOf } from './addresses.js';
import { clusterAddresses } from './claims.js';
import type { Candidate } from './endpoints.js';
import { nodePortExits } from './exits.js';
import {
  isLocalExternally,
  isLocalInternally,
  type PlanFacts,
  PortPlan,
  type Refusal,
  type Subject,
} from './port-plan.js';
import { type HealthSpec, nothing, type Protocol, type ServicePlan } from './service-plan.js';

/** Behaves as kubernetes pkg/proxy/util ShouldSkipService, and leaves Services to another proxy that asks for them. */
function isProxied(service: Service): boolean {
  return (
    service.metadata.labels?.[LABEL_SERVICE_PROXY_NAME] === undefined &&
    service.spec?.type !== 'ExternalName' &&
    clusterAddresses(service).length > 0
  );
}

const protocolOf = ({ protocol = 'TCP' }: ServicePort): Protocol | undefined =>
  // SCTP has no sockets in Node; its addresses stay closed.
  protocol === 'TCP' || protocol === 'UDP' ? protocol : undefined;

function planPorts(subject: Subject): PortPlan[] {
  const families = new Set<Family>(clusterAddresses(subject.service).map(familyOf));
  return (subject.service.spec?.ports ?? []).flatMap((port) => {
    const protocol = protocolOf(port);
    return protocol ? [...families].map((family) => new PortPlan(subject, port, protocol, family).build()) : [];
  });
}

/** How many ready endpoints load balancers find behind each address of a node. Behaves as kubernetes EndpointsMap.LocalReadyEndpoints. */
function healthChecks({ service, facts }: Subject, candidates: readonly Candidate[]): HealthSpec[] {
  const port = service.spec?.healthCheckNodePort;
  if (service.spec?.type !== 'LoadBalancer' || !isLocalExternally(service) || !port) return [];
  const ready = candidates.filter((one) => one.ready);
  return nodePortExits(facts).map(({ host, isLocal }) => {
    const localEndpoints = new Set(ready.filter(({ node }) => isLocal(node)).map(({ address }) => address)).size;
    return { protocol: 'TCP', purpose: 'HealthCheck', host, port, localEndpoints };
  });
}

/** Behaves as kubernetes pkg/proxy SyncProxyRulesNoLocalEndpointsTotal. */
function withoutLocal({ service }: Subject, ports: readonly PortPlan[]): ServicePlan['withoutLocal'] {
  const [internal, external] = [isLocalInternally(service), isLocalExternally(service)];
  const elsewhere = internal || external ? ports.filter(({ isElsewhere }) => isElsewhere).length : 0;
  return { internal: internal ? elsewhere : 0, external: external ? elsewhere : 0 };
}

const nowhere: Refusal = () => 'nothing but its own address is carried here';

/** Which ports a Service wants open, and where each of them leads. */
export function planService(
  service: Service,
  slices: readonly EndpointSlice[],
  facts: PlanFacts,
  refusal: Refusal = nowhere,
): ServicePlan {
  if (!isProxied(service)) return nothing;
  const subject: Subject = { service, slices, facts, refusal };
  const ports = planPorts(subject);
  return {
    balancers: ports.flatMap(({ balancers }) => [...balancers.values()]),
    listeners: ports.flatMap(({ listeners }) => listeners),
    healthChecks: healthChecks(
      subject,
      ports.flatMap(({ candidates }) => candidates),
    ),
    refused: ports.flatMap(({ refused }) => refused),
    withoutLocal: withoutLocal(subject, ports),
  };
}
