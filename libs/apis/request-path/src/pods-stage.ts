import type { ContainerPort, Pod, Service, ServicePort } from '@binnacle/apis-kubernetes/core/v1';
import { servingContainers, targetPort } from '@binnacle/apis-kubernetes/core/v1/pod-reading';
import type { EndpointSlice } from '@binnacle/apis-kubernetes/discovery/v1';
import { LABEL_SERVICE_NAME } from '@binnacle/apis-kubernetes/well-known';
import { type Fault, fault } from './fault.js';
import { itemsOf, type Known } from './known.js';
import { type Stage, type Stop, stopPassage } from './lane.js';
import { hasEnded, podFault } from './pod-faults.js';
import type { AskedPort, PolicyFaults } from './policy-faults.js';

type Endpoint = NonNullable<EndpointSlice['endpoints']>[number];

/** What stands behind a Service, as far as it is known. */
export interface Behind {
  /** Those it selects. */
  readonly selected: readonly Pod[];
  readonly pods: Known<Pod>;
  readonly slices: Known<EndpointSlice>;
  /** Undefined where policies may not be seen. */
  readonly policies: PolicyFaults | undefined;
}

export function slicesOf({ metadata }: Service, slices: Known<EndpointSlice>): readonly EndpointSlice[] {
  const isIts = ({ metadata: { namespace, labels } }: EndpointSlice) =>
    namespace === metadata.namespace && labels?.[LABEL_SERVICE_NAME] === metadata.name;
  return itemsOf(slices).filter(isIts);
}

/** A Pod of two families has an endpoint in slices of each. */
export function endpointsOf(service: Service, slices: Known<EndpointSlice>): readonly Endpoint[] {
  return slicesOf(service, slices).flatMap(({ endpoints }) => endpoints ?? []);
}

const isOf = ({ targetRef, addresses }: Endpoint, { metadata, status }: Pod): boolean =>
  targetRef?.name === metadata.name || (targetRef === undefined && addresses.includes(status?.podIP ?? '-'));

const joined = (...parts: readonly (string | undefined)[]): string => parts.filter(Boolean).join(' · ');

/** The container that says it listens there; the only one where none says anything. */
function containerStop(pod: Pod, { port, protocol }: AskedPort): Stop {
  const containers = servingContainers(pod);
  const isIts = (each: ContainerPort) => each.containerPort === port && (each.protocol ?? 'TCP') === protocol;
  const declares = containers.find(({ ports }) => ports?.some(isIts));
  const [only, ...more] = containers;
  const name = declares?.name ?? (more.length === 0 ? only?.name : undefined);
  return { kind: 'container', text: `${port}/${protocol}`, ...(name && { more: name }), faults: [] };
}

function readinessFaults(service: Service, pod: Pod, behind: Behind): Fault[] {
  const told = podFault(pod);
  const isPublished =
    service.spec?.publishNotReadyAddresses === true && pod.status?.podIP !== undefined && !hasEnded(pod);
  if (told && !isPublished) return [told];
  const isListed = endpointsOf(service, behind.slices).some((endpoint) => isOf(endpoint, pod));
  return behind.slices.state === 'known' && !isListed ? [fault('podHasNoEndpoint')] : [];
}

/** Where the Service's port leads in a Pod; undefined where it names one that the Pod has not. */
function askedPort(pod: Pod, port: ServicePort | undefined): AskedPort | undefined {
  const number = port && targetPort(pod, port);
  return number === undefined ? undefined : { port: number, protocol: port?.protocol ?? 'TCP' };
}

const ipsOf = ({ status }: Pod): string[] => (status?.podIPs ?? []).map(({ ip }) => ip);

function podStop(service: Service, port: ServicePort | undefined, pod: Pod, behind: Behind): Stop {
  const { name = '', namespace = '' } = pod.metadata;
  const asked = askedPort(pod, port);
  const readiness = readinessFaults(service, pod, behind);
  const policy = asked && readiness.length === 0 ? behind.policies?.of(pod, asked) : undefined;
  return {
    kind: 'pod',
    text: name,
    more: joined(pod.status?.podIP, pod.spec?.nodeName),
    ref: { apiVersion: 'v1', kind: 'Pod', namespace, name },
    addresses: ipsOf(pod),
    faults: [...readiness, ...(policy ?? [])],
    ...(asked && { then: containerStop(pod, asked) }),
  };
}

function endpointFaults({ conditions, targetRef }: Endpoint, { pods }: Behind): Fault[] {
  const isPod = targetRef?.kind === 'Pod';
  const isGone =
    isPod && pods.state === 'known' && !pods.items.some(({ metadata }) => metadata.name === targetRef.name);
  if (isGone) return [fault('podIsGone')];
  // Absent means ready, as the API says.
  return conditions?.ready === false ? [fault('podNotReady', { containers: '' })] : [];
}

function endpointStop(endpoint: Endpoint, behind: Behind): Stop {
  const { addresses, nodeName, targetRef } = endpoint;
  const isPod = targetRef?.kind === 'Pod' && targetRef.name;
  return {
    kind: 'endpoint',
    text: addresses.join(', '),
    addresses,
    more: joined(targetRef?.name, nodeName),
    ...(isPod && {
      ref: { apiVersion: 'v1', kind: 'Pod', namespace: targetRef.namespace ?? '', name: targetRef.name ?? '' },
    }),
    faults: endpointFaults(endpoint, behind),
  };
}

/** Faults that say of a Pod that it takes nothing, whoever asks. */
const isUnready = ({ faults }: Stop): boolean =>
  faults.some(({ code, level }) => level === 'break' && code !== 'policyRefuses');

function summary(stops: readonly Stop[]): Fault[] {
  const [total, ready] = [stops.length, stops.filter((stop) => !isUnready(stop)).length];
  if (total === 0 || ready === total) return [];
  return [ready === 0 ? fault('noPodReady', { total }) : fault('someNotReady', { ready, total })];
}

const RANK = ['broken', 'part', 'doubt', 'unknown', 'open'];
const byTrouble = (a: Stop, b: Stop): number => RANK.indexOf(stopPassage(a)) - RANK.indexOf(stopPassage(b));

/** What answers in the end: the Pods a Service selects, and what else somebody has written into its endpoints. Trouble comes first. */
export function podsStage(service: Service, port: ServicePort | undefined, behind: Behind): Stage {
  const { selected, pods, slices } = behind;
  const others = endpointsOf(service, slices).filter((endpoint) => !selected.some((pod) => isOf(endpoint, pod)));
  const stops = [
    ...selected.map((pod) => podStop(service, port, pod, behind)),
    ...others.map((endpoint) => endpointStop(endpoint, behind)),
  ].sort(byTrouble);
  const hidden = [pods, slices].find(({ state }) => state === 'loading' || state === 'refused')?.state;
  const unseen = hidden === 'loading' || hidden === 'refused' ? { unseen: hidden } : {};
  return { kind: 'pods', stops, faults: summary(stops), ...unseen };
}
