import type { Pod, Service, ServicePort } from '@binnacle/apis-kubernetes/core/v1';
import type { EndpointSlice } from '@binnacle/apis-kubernetes/discovery/v1';
import type { NetworkPolicy } from '@binnacle/apis-kubernetes/networking/v1';
import { addressStage, serviceName } from './addresses.js';
import { type Fault, fault } from './fault.js';
import { isKnown, itemsOf, type Known } from './known.js';
import type { Lane, Stage } from './lane.js';
import { type Behind, endpointsOf, podsStage } from './pods-stage.js';
import { PolicyFaults } from './policy-faults.js';
import { hasSelector, nothingSelected, selectedPods, selectorText } from './selected-pods.js';
import { targetStage } from './target-stage.js';

/** What is known around a Service. */
export interface AroundService {
  /** At least those that the Service selects. */
  readonly pods: Known<Pod>;
  /** Pods of its namespace, with their labels alone: those that were perhaps meant. */
  readonly near: Known<Pod>;
  readonly slices: Known<EndpointSlice>;
  readonly policies: Known<NetworkPolicy>;
}

export interface ServiceSource extends AroundService {
  readonly service: Service;
}

function behindOf({ service, pods, slices, policies }: ServiceSource): Behind {
  const selected = selectedPods(service, pods);
  return { selected, pods, slices, policies: isKnown(policies) ? new PolicyFaults(itemsOf(policies)) : undefined };
}

function serviceFaults({ service, near, pods, slices }: ServiceSource, { selected }: Behind): Fault[] {
  if (hasSelector(service))
    return pods.state === 'known' && selected.length === 0 ? [nothingSelected(service, near)] : [];
  if (slices.state !== 'known') return [];
  return [fault(endpointsOf(service, slices).length > 0 ? 'noSelector' : 'noSelectorNoEndpoints')];
}

function serviceStage(source: ServiceSource, behind: Behind): Stage {
  const { service } = source;
  const { name = '', namespace = '' } = service.metadata;
  const more = selectorText(service);
  const stop = {
    kind: 'service',
    text: name,
    ...(more && { more }),
    ref: { apiVersion: 'v1', kind: 'Service', namespace, name },
    faults: serviceFaults(source, behind),
  } as const;
  return { kind: 'service', stops: [stop], faults: [] };
}

/** The way from a Service on. Without a port: of one that leads to Pods by their names alone. */
export function stagesBehind(source: ServiceSource, port: ServicePort | undefined): Stage[] {
  const { service } = source;
  const behind = behindOf(source);
  const target = port ? [targetStage(port, behind.selected)] : [];
  const pods = podsStage(service, port, behind);
  const policiesUnseen = source.policies.state === 'refused' && pods.stops.length > 0 ? [fault('policiesUnseen')] : [];
  return [serviceStage(source, behind), ...target, { ...pods, faults: [...pods.faults, ...policiesUnseen] }];
}

const ADDRESS = /^(?:\d{1,3}(?:\.\d{1,3}){3}|.*:.*)$/;

/** Another name for something outside: nothing of a Service is in between. */
export function externalStages({ spec }: Service): Stage[] {
  const name = spec?.externalName ?? '';
  const isMoved = (spec?.ports ?? []).some(({ port, targetPort = port }) => targetPort !== port && targetPort !== 0);
  const faults = [
    ...(ADDRESS.test(name) ? [fault('externalNameAddress', { name })] : []),
    ...(isMoved ? [fault('externalNamePort')] : []),
  ];
  return [{ kind: 'external', stops: [{ kind: 'external', text: name, faults }], faults: [] }];
}

export function portStage({ name, port, protocol = 'TCP', appProtocol }: ServicePort): Stage {
  const more = [name, appProtocol].filter(Boolean).join(' · ');
  return {
    kind: 'port',
    stops: [{ kind: 'port', text: `${port}/${protocol}`, ...(more && { more }), faults: [] }],
    faults: [],
  };
}

/** The ways to what is behind a Service, one for each of its ports. */
export function serviceLanes(source: ServiceSource): readonly Lane[] {
  const { service } = source;
  const name = { kind: 'name', text: serviceName(service), faults: [] } as const;
  const named: Stage = { kind: 'address', stops: [name], faults: [] };
  if (service.spec?.type === 'ExternalName') return [{ id: 'name', stages: [named, ...externalStages(service)] }];
  const ports = service.spec?.ports ?? [];
  // Headless ones may have no ports: whoever finds the Pods' addresses knows them.
  if (ports.length === 0) return [{ id: 'name', stages: [named, ...stagesBehind(source, undefined)] }];
  return ports.map((port) => ({
    id: `${port.port}/${port.protocol ?? 'TCP'}`,
    stages: [addressStage(service, port), portStage(port), ...stagesBehind(source, port)],
  }));
}
