import { isIP } from 'node:net';
import type { Service } from '@binnacle/apis-kubernetes/core/v1';
import type { Endpoint, EndpointSlice } from '@binnacle/apis-kubernetes/discovery/v1';
import { canonical } from './addresses.js';

/** A port that a name can be given to. */
export interface NamedPort {
  readonly name: string;
  readonly protocol: string;
  readonly port: number;
}

/** Endpoints that share their ports, by the names they have below that of their Service. */
export interface EndpointGroup {
  readonly ports: readonly NamedPort[];
  readonly labels: readonly string[];
}

export interface HeadlessEntry {
  readonly kind: 'headless';
  /** Of all that are ready. */
  readonly addresses: readonly string[];
  readonly byLabel: ReadonlyMap<string, readonly string[]>;
  readonly groups: readonly EndpointGroup[];
}

/** What the names of one Service lead to. */
export type ServiceEntry =
  | { readonly kind: 'address'; readonly addresses: readonly string[]; readonly ports: readonly NamedPort[] }
  | HeadlessEntry
  | { readonly kind: 'external'; readonly target: string };

const HEADLESS = 'None';

const isAddress = (text: string): boolean => isIP(text) !== 0;
const usable = (addresses: readonly string[]): string[] => addresses.filter(isAddress).map(canonical);

/** The label of an endpoint: its hostname, or its address with dashes. Behaves as coredns plugin/kubernetes endpointHostname. */
const labelOf = ({ hostname, addresses: [first = ''] }: Endpoint): string =>
  hostname?.toLowerCase() || first.replaceAll(/[.:]/g, '-');

const portsOf = (ports: Iterable<{ name?: string; protocol?: string; port?: number }> = []): NamedPort[] =>
  [...ports].flatMap(({ name = '', protocol = 'TCP', port }) =>
    port === undefined ? [] : [{ name: name.toLowerCase(), protocol: protocol.toLowerCase(), port }],
  );

interface Labelled {
  readonly label: string;
  readonly addresses: readonly string[];
}

/** Who writes a slice by hand may leave out that an endpoint is ready, and does not mean the contrary. */
function readyOf({ addressType, endpoints }: EndpointSlice): Labelled[] {
  const ready = addressType === 'FQDN' ? [] : (endpoints ?? []).filter(({ conditions }) => conditions?.ready !== false);
  const all = ready.map((endpoint) => ({ label: labelOf(endpoint), addresses: usable(endpoint.addresses) }));
  return all.filter(({ addresses }) => addresses.length > 0);
}

function headlessEntry(slices: readonly EndpointSlice[]): HeadlessEntry {
  const byLabel = new Map<string, Set<string>>();
  const groups = slices.map((slice) => {
    const ready = readyOf(slice);
    for (const { label, addresses } of ready)
      byLabel.set(label, new Set([...(byLabel.get(label) ?? []), ...addresses]));
    return { ports: portsOf(slice.ports), labels: ready.map(({ label }) => label) };
  });
  const lists = new Map([...byLabel].map(([label, addresses]) => [label, [...addresses]]));
  return { kind: 'headless', addresses: [...new Set([...lists.values()].flat())], byLabel: lists, groups };
}

const withoutDot = (name: string): string => name.replace(/\.$/, '');

/** What a Service is called and leads to; undefined where it has no names. Of `slices` only those of headless Services count. */
export function serviceEntry({ spec = {} }: Service, slices: readonly EndpointSlice[]): ServiceEntry | undefined {
  const { type, externalName = '', clusterIP = '', clusterIPs } = spec;
  if (type === 'ExternalName') {
    const target = withoutDot(externalName);
    // An address is no name that another could stand for.
    return target && !isAddress(target) ? { kind: 'external', target } : undefined;
  }
  if (clusterIP === HEADLESS) return headlessEntry(slices);
  const addresses = usable(clusterIPs?.length ? clusterIPs : [clusterIP]);
  return addresses.length > 0 ? { kind: 'address', addresses, ports: portsOf(spec.ports) } : undefined;
}
