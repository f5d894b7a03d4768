import type { ContainerPort, Pod, Service, ServicePort } from '@binnacle/apis-kubernetes/core/v1';
import type { EndpointSlice } from '@binnacle/apis-kubernetes/discovery/v1';
import type { NetworkPolicy } from '@binnacle/apis-kubernetes/networking/v1';
import type { Fault } from '../fault.js';
import { known } from '../known.js';
import { type Lane, laneFaults } from '../lane.js';
import type { AroundService } from '../service-lanes.js';

const NAMESPACE = 'shop';

/** Ports as `http 8080/TCP` or `8080`. */
function containerPort(text: string): ContainerPort {
  const [number = '', name] = text.split(' ').reverse();
  const [port = '', protocol] = number.split('/');
  return { containerPort: Number(port), ...(name && { name }), ...(protocol && { protocol }) };
}

/** A Pod that is ready, with the label `app: web`, in one container called `main`. */
export function podNamed(name: string, ports: readonly string[] = ['8080'], more: Partial<Pod> = {}): Pod {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: NAMESPACE, labels: { app: 'web' } },
    spec: { nodeName: 'node-1', containers: [{ name: 'main', image: 'i', ports: ports.map(containerPort) }] },
    status: {
      phase: 'Running',
      podIP: `10.244.0.${name.length}`,
      conditions: [{ type: 'Ready', status: 'True' }],
      containerStatuses: [
        { name: 'main', ready: true, restartCount: 0, image: 'i', imageID: '', state: { running: {} } },
      ],
    },
    ...more,
  };
}

/** Runs, and does not answer its probe. */
export function unready(pod: Pod): Pod {
  const [container] = pod.status?.containerStatuses ?? [];
  const containerStatuses = container ? [{ ...container, ready: false }] : [];
  return { ...pod, status: { ...pod.status, conditions: [{ type: 'Ready', status: 'False' }], containerStatuses } };
}

export function serviceOf(port: Partial<ServicePort> = {}, spec: Service['spec'] = {}): Service {
  const ports = [{ port: 80, targetPort: 8080, protocol: 'TCP', ...port }];
  const metadata = { name: 'web', namespace: NAMESPACE };
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata,
    spec: { clusterIP: '10.96.0.9', selector: { app: 'web' }, ports, ...spec },
  };
}

/** The endpoints of these, as the controller makes them. */
export function sliceOf(pods: readonly Pod[]): EndpointSlice {
  const endpoints = pods.map(({ metadata, status }) => ({
    addresses: [status?.podIP ?? ''],
    targetRef: { kind: 'Pod', name: metadata.name ?? '', namespace: NAMESPACE },
  }));
  const metadata = { name: 'web-1', namespace: NAMESPACE, labels: { 'kubernetes.io/service-name': 'web' } };
  return { apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice', metadata, addressType: 'IPv4', endpoints };
}

export function policyOf(name: string, spec: NonNullable<NetworkPolicy['spec']>): NetworkPolicy {
  const metadata = { name, namespace: NAMESPACE };
  return { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata, spec };
}

/** All that is there, with endpoints for all Pods. */
export function around(pods: readonly Pod[], more: Partial<AroundService> = {}): AroundService {
  return { pods: known(pods), near: known(pods), slices: known([sliceOf(pods)]), policies: known([]), ...more };
}

const text = ({ code, facts }: Fault): string =>
  [code, ...Object.entries(facts).map(([name, value]) => `${name}=${value}`)].join(' ');

/** `selectsNothing selector=app=web`, one line a fault. */
export const told = (lane: Lane | undefined): string[] => (lane ? laneFaults(lane).map(text) : []);

/** The texts of each step. */
export const texts = (lane: Lane | undefined): string[][] =>
  (lane?.stages ?? []).map(({ stops }) => stops.map(({ text: said }) => said));
