import type { Node } from '@binnacle/apis-kubernetes/core/v1';
import { isQuantity, toMillis } from '@binnacle/machinery-quantity';
import { cidrContains, parseCidr, parseIp } from '@binnacle/machinery-validation';
import { wireHost } from '@binnacle/machinery-wire';
import { readDevices, type SimulatedDevices, type SimulatedNode } from '@binnacle/node-simulated';

const DEFAULTS = { cpu: '4', memory: '8Gi', pods: 110 };
/** The devices of a node that was made by its object, as the file of another would say them. */
const ANNOTATION_DEVICES = 'simulated.binnacle.dev/devices';
const FIRST_HOST = 11;
const LAST_HOST = 250;

/** Whether an address, or a whole range, lies in a range. */
export function isWithin(range: string, address: string): boolean {
  const cidr = parseCidr(range);
  const inner = parseCidr(address);
  const ip = inner ? inner.address : parseIp(address);
  return cidr !== undefined && ip !== undefined && cidrContains(cidr, ip) && (inner?.prefix ?? 32) >= cidr.prefix;
}

const quantity = (value: unknown, otherwise: string): string =>
  isQuantity(value) && toMillis(value) > 0 ? String(value) : otherwise;

function internalIp({ status }: Node): string | undefined {
  return status?.addresses?.find(({ type }) => type === 'InternalIP')?.address;
}

/** What is wrong is as if it were not there: whoever wrote it sees that no devices come. */
function devicesAt({ metadata }: Node): readonly SimulatedDevices[] {
  try {
    return readDevices(JSON.parse(metadata.annotations?.[ANNOTATION_DEVICES] ?? '[]'));
  } catch {
    return [];
  }
}

/** The simulated nodes of a cluster, of which this process carries those that were made for it. */
export class NodeObjects {
  private readonly addresses = new Map<string, string>();
  private readonly hosts: string;

  /** `nodeCidr` is a /24 that no other cluster has. */
  constructor(
    private readonly agent: string,
    nodeCidr: string,
  ) {
    this.hosts = wireHost(nodeCidr).replace(/\.\d+\/\d+$/, '');
  }

  /** What is to run, by the objects there are. An object has the hardware it was made with. */
  simulated(objects: readonly Node[]): SimulatedNode[] {
    const own = objects.filter((node) => this.isOwn(node));
    const names = new Set(own.map(({ metadata }) => metadata.name ?? ''));
    for (const name of this.addresses.keys()) if (!names.has(name)) this.addresses.delete(name);
    return own.flatMap((node) => this.nodeOf(node) ?? []);
  }

  private isOwn({ metadata, spec }: Node): boolean {
    return spec?.providerID === `simulated://${this.agent}/${metadata.name}`;
  }

  private nodeOf(node: Node): SimulatedNode | undefined {
    const { name = '' } = node.metadata;
    const address = this.addresses.get(name) ?? this.freeAddress(internalIp(node));
    // There are no more than so many machines in a cluster.
    if (!address) return undefined;
    this.addresses.set(name, address);
    const { cpu, memory, pods } = node.status?.capacity ?? {};
    const capacity = { cpu: quantity(cpu, DEFAULTS.cpu), memory: quantity(memory, DEFAULTS.memory) };
    const count = /^\d{1,6}$/.test(String(pods)) ? Number(pods) : DEFAULTS.pods;
    return { name, state: 'running', ...capacity, pods: count, address, labels: {}, devices: devicesAt(node) };
  }

  /** The one it had, where that is free. */
  private freeAddress(wanted: string | undefined): string | undefined {
    const taken = new Set(this.addresses.values());
    const all = Array.from({ length: LAST_HOST - FIRST_HOST + 1 }, (_, at) => `${this.hosts}.${FIRST_HOST + at}`);
    const free = all.filter((address) => !taken.has(address));
    return free.find((address) => address === wanted) ?? free[0];
  }
}
