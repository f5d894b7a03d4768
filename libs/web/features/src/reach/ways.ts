import type { Pod, Service } from '@binnacle/apis-kubernetes/core/v1';
import { DEFAULT_CLUSTER } from '@binnacle/machinery-meta';
import { wireAddress } from '@binnacle/machinery-wire';

/** How one port is reached from outside of the cluster. */
export interface Way {
  /** As the object tells it: `http 80/TCP`. */
  readonly port: string;
  /** What answers at once, for who sits at the machine that runs the cluster. */
  readonly addresses: readonly string[];
  /** What makes it answer on one's own machine; undefined for what cannot be forwarded. */
  readonly command: string | undefined;
}

export interface Surrounding {
  readonly cluster: string;
  /** The Pods' network is carried by this machine's loopback network, and the page is looked at on it. */
  readonly isHere: boolean;
}

/** Below these only root may listen. */
const FIRST_FREE = 1_024;
/** `80` is no port of one's own, `8080` is. */
const localPort = (port: number): number => (port < FIRST_FREE ? port + 8_000 : port);

/** A page at such a host is looked at on the machine that serves it. */
export function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}

function forward(subject: string, namespace: string, port: number, protocol: string): string | undefined {
  if (protocol !== 'TCP') return undefined;
  return `kubectl port-forward -n ${namespace} ${subject} ${localPort(port)}:${port}`;
}

/** Where the wire carries it; low ports stand higher for all but root, and the page does not know who runs it. */
function carried(ip: string, port: number): string[] {
  const found = [false, true].map((privileged) => wireAddress(ip, port, privileged));
  return [...new Set(found.map((address) => `${address.host}:${address.port}`))];
}

const named = (name: string | undefined, text: string): string => (name ? `${name} ${text}` : text);

export function podWays({ metadata, spec, status }: Pod, { isHere }: Surrounding): Way[] {
  const { name = '', namespace = '' } = metadata;
  const ports = (spec?.containers ?? []).flatMap((container) => container.ports ?? []);
  const ip = status?.podIP;
  return ports.map(({ name: portName, containerPort, protocol = 'TCP' }) => ({
    port: named(portName, `${containerPort}/${protocol}`),
    addresses: isHere && ip ? carried(ip, containerPort) : [],
    command: forward(`pod/${name}`, namespace, containerPort, protocol),
  }));
}

export function serviceWays({ metadata, spec }: Service, { cluster, isHere }: Surrounding): Way[] {
  const { name = '', namespace = '' } = metadata;
  const ip = spec?.clusterIP && spec.clusterIP !== 'None' ? spec.clusterIP : undefined;
  if (spec?.type === 'ExternalName') return [];
  return (spec?.ports ?? []).map(({ name: portName, port, nodePort, protocol = 'TCP' }) => ({
    port: named(portName, `${port}/${protocol}`),
    addresses: [
      // Of other clusters node ports answer at the addresses of their nodes alone.
      ...(isHere && nodePort && cluster === DEFAULT_CLUSTER ? [`127.0.0.1:${nodePort}`] : []),
      ...(isHere && ip ? carried(ip, port) : []),
    ],
    command: forward(`service/${name}`, namespace, port, protocol),
  }));
}
