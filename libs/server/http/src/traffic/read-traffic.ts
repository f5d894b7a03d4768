import type {
  Connection,
  ConnectionPeer,
  EndpointTraffic,
  PortTraffic,
  TrafficTally,
} from '@binnacle/apis-kubernetes/traffic/v1';
import { formatTime } from '@binnacle/machinery-context';
import { amountOf, type Fields, fieldsOf, listOf, textOf } from '../kubelet/unbelieved.js';

/** Of one answer: connections, ports, and endpoints of a port. */
const MOST_ITEMS = 5_000;
/** As long as a name may be. */
const LONGEST_NAME = 253;

const API_VERSION = 'networking.binnacle.dev/v1';
const PURPOSES = ['ClusterIP', 'NodePort', 'ExternalIP', 'LoadBalancer'];

const nameOf = (value: unknown): string => textOf(value, LONGEST_NAME);
const protocolOf = (value: unknown): string => (value === 'UDP' ? 'UDP' : 'TCP');

interface Place {
  readonly namespace: string;
  readonly name: string;
}

/** `namespace/name` of a Service. */
function placeOf(value: unknown): Place | undefined {
  const [namespace, name, ...rest] = textOf(value, 2 * LONGEST_NAME + 1).split('/');
  return namespace && name && rest.length === 0 ? { namespace, name } : undefined;
}

function peerOf(value: unknown): ConnectionPeer {
  const { address, port, node } = fieldsOf(value);
  const nodeName = nameOf(node);
  return { address: nameOf(address), port: amountOf(port), ...(nodeName && { nodeName }) };
}

/** Times beyond what a date can be are none. */
function timeOf(milliseconds: unknown): string | undefined {
  const amount = amountOf(milliseconds);
  return amount === 0 || Number.isNaN(new Date(amount).getTime()) ? undefined : formatTime(amount);
}

function connectionOf(value: unknown): Connection | undefined {
  const told = fieldsOf(value);
  const [place, name] = [placeOf(told.service), nameOf(told.id)];
  if (!place || !name) return undefined;
  const creationTimestamp = timeOf(told.since);
  const purpose = textOf(told.purpose, LONGEST_NAME);
  return {
    apiVersion: API_VERSION,
    kind: 'Connection',
    metadata: { name, namespace: place.namespace, ...(creationTimestamp && { creationTimestamp }) },
    spec: {
      protocol: protocolOf(told.protocol),
      serviceName: place.name,
      servicePort: nameOf(told.servicePort),
      purpose: PURPOSES.includes(purpose) ? purpose : 'ClusterIP',
      asked: peerOf(told.asked),
      client: peerOf(told.client),
      endpoint: peerOf(told.endpoint),
    },
    status: {
      sentBytes: amountOf(told.sent),
      receivedBytes: amountOf(told.received),
      draining: told.draining === true,
    },
  };
}

function tallyOf({ total, failed, sent, received }: Fields): TrafficTally {
  return {
    total: amountOf(total),
    failed: amountOf(failed),
    sentBytes: amountOf(sent),
    receivedBytes: amountOf(received),
  };
}

function endpointOf(value: unknown): EndpointTraffic {
  const told = fieldsOf(value);
  return { ...peerOf(told), active: amountOf(told.active), ...tallyOf(told) };
}

function plus(a: TrafficTally, b: TrafficTally): TrafficTally {
  return {
    total: a.total + b.total,
    failed: a.failed + b.failed,
    sentBytes: a.sentBytes + b.sentBytes,
    receivedBytes: a.receivedBytes + b.receivedBytes,
  };
}

function portOf(told: Fields): PortTraffic {
  const endpoints = listOf(told.endpoints, MOST_ITEMS).map(endpointOf);
  return {
    name: nameOf(told.servicePort),
    protocol: protocolOf(told.protocol),
    active: endpoints.reduce((sum, { active }) => sum + active, 0),
    ...endpoints.reduce<TrafficTally>(plus, tallyOf(fieldsOf(told.gone))),
    notAdmitted: amountOf(told.notAdmitted),
    unanswered: amountOf(told.unanswered),
    endpoints,
  };
}

/** What a port of a Service carries, and whose port it is. */
export interface PlacedPort extends Place {
  readonly port: PortTraffic;
}

const itemsOf = (answer: unknown): readonly unknown[] => listOf(fieldsOf(answer).items, MOST_ITEMS);

/** What a proxy says of connections that stand. */
export function readConnections(answer: unknown): Connection[] {
  return itemsOf(answer).flatMap((item) => connectionOf(item) ?? []);
}

/** What a proxy says that ports have carried. */
export function readTraffic(answer: unknown): PlacedPort[] {
  return itemsOf(answer).flatMap((item) => {
    const told = fieldsOf(item);
    const place = placeOf(told.service);
    return place ? [{ ...place, port: portOf(told) }] : [];
  });
}
