import type { Service } from '@binnacle/apis-kubernetes/core/v1';
import type { EndpointTraffic, PortTraffic, ServiceTraffic } from '@binnacle/apis-kubernetes/traffic/v1';
import type { Stop } from '@binnacle/apis-request-path';

/** What has gone by a box. */
export interface Counts {
  /** How many connections stand. */
  readonly active: number;
  readonly total: number;
  /** Both ways. */
  readonly bytes: number;
  /** How many found nobody, or could not be led on to this one. */
  readonly failed: number;
}

/** Undefined for boxes that nothing is counted at. */
export type CountsOf = (stop: Stop) => Counts | undefined;

const NOTHING: Counts = { active: 0, total: 0, bytes: 0, failed: 0 };

const ofEndpoint = ({ active, total, failed, sentBytes, receivedBytes }: EndpointTraffic): Counts => ({
  active,
  total,
  failed,
  bytes: sentBytes + receivedBytes,
});

const ofPort = ({ active, total, unanswered, sentBytes, receivedBytes }: PortTraffic): Counts => ({
  active,
  total,
  failed: unanswered,
  bytes: sentBytes + receivedBytes,
});

const sum = (all: readonly Counts[]): Counts =>
  all.reduce(
    (a, b) => ({
      active: a.active + b.active,
      total: a.total + b.total,
      bytes: a.bytes + b.bytes,
      failed: a.failed + b.failed,
    }),
    NOTHING,
  );

function portOf({ spec }: Service, laneId: string, { ports }: ServiceTraffic): PortTraffic | undefined {
  const port = spec?.ports?.find((each) => `${each.port}/${each.protocol ?? 'TCP'}` === laneId);
  if (!port) return undefined;
  const name = port.name || String(port.port);
  return ports.find((each) => each.name === name && each.protocol === (port.protocol ?? 'TCP'));
}

/** What has gone by the boxes of the way of one port, as its proxy counts. */
export function countsOf(service: Service, laneId: string, traffic: ServiceTraffic | undefined): CountsOf {
  const port = traffic && portOf(service, laneId, traffic);
  return ({ kind, addresses }) => {
    if (!port) return undefined;
    if (kind === 'port') return ofPort(port);
    if (!addresses) return undefined;
    return sum(port.endpoints.filter(({ address }) => addresses.includes(address)).map(ofEndpoint));
  };
}
