import { isIPv4 } from 'node:net';
import { type RecordType, type ResourceRecord, TYPE } from '../message/types.js';
import type { HeadlessEntry, NamedPort, ServiceEntry } from './service-entry.js';
import { found, NO_DATA, NO_NAME, type ZoneAnswer } from './zone-answer.js';

const SRV_WEIGHTS = 100;

/** What an SRV record leads to. */
interface Target {
  readonly name: string;
  readonly addresses: readonly string[];
  readonly port: number;
}

/** Which targets are meant: of some ports, and of one endpoint where that is said. */
interface Wanted {
  readonly isPort: (port: NamedPort) => boolean;
  readonly label?: string;
}

const ANY_PORT: Wanted = { isPort: () => true };

const familyOf = (type: number): RecordType | undefined =>
  type === TYPE.A ? 'A' : type === TYPE.AAAA ? 'AAAA' : undefined;

/** The records of a name that has these addresses; none for a type that is not of addresses. */
export function addressRecords(name: string, all: readonly string[], type: number, ttl: number): ResourceRecord[] {
  const family = familyOf(type);
  if (family !== 'A' && family !== 'AAAA') return [];
  const own = all.filter((address) => isIPv4(address) === (family === 'A'));
  return own.map((data) => ({ name, type: family, ttl, data }));
}

function* headlessTargets(entry: HeadlessEntry, own: string, { isPort, label: only }: Wanted): Generator<Target> {
  for (const { ports, labels } of entry.groups) {
    for (const { port } of ports.filter(isPort)) {
      for (const label of only === undefined ? labels : labels.filter((each) => each === only))
        yield { name: `${label}.${own}`, addresses: entry.byLabel.get(label) ?? [], port };
    }
  }
}

/** Several ports and endpoints may have one name and number: they are one target. */
const distinct = (targets: Iterable<Target>): Target[] => [
  ...new Map([...targets].map((target) => [`${target.name} ${target.port}`, target])).values(),
];

/** The names at and below that of one Service, `own`. Behaves as coredns plugin/kubernetes findServices. */
export class ServiceRecords {
  constructor(
    private readonly entry: ServiceEntry,
    private readonly own: string,
    /** Seconds. */
    private readonly ttl: number,
  ) {}

  /** `below` is what stands before the Service's own name. */
  lookup(below: readonly string[], type: number): ZoneAnswer {
    const [first = '', second = ''] = below;
    if (below.length === 0) return this.itself(type);
    if (this.entry.kind === 'external' || below.length > 2) return NO_NAME;
    return below.length === 1 ? this.oneBelow(first, type) : this.port(first, second, type);
  }

  private itself(type: number): ZoneAnswer {
    const { entry, own, ttl } = this;
    if (entry.kind === 'external') {
      const { target } = entry;
      return { kind: 'records', answers: [{ name: own, type: 'CNAME', ttl, data: target }], alias: target };
    }
    if (type === TYPE.SRV) return this.srv(own, ANY_PORT);
    return found(addressRecords(own, entry.addresses, type, ttl));
  }

  /** An endpoint of a headless Service, or a protocol that has ports below it. */
  private oneBelow(label: string, type: number): ZoneAnswer {
    const { entry, own, ttl } = this;
    const addresses = entry.kind === 'headless' ? entry.byLabel.get(label) : undefined;
    if (addresses && type === TYPE.SRV) return this.srv(`${label}.${own}`, { ...ANY_PORT, label });
    if (addresses) return found(addressRecords(`${label}.${own}`, addresses, type, ttl));
    return this.targets({ isPort: ({ protocol }) => `_${protocol}` === label }).length > 0 ? NO_DATA : NO_NAME;
  }

  private port(name: string, protocol: string, type: number): ZoneAnswer {
    const wanted = { isPort: (port: NamedPort) => `_${port.name}` === name && `_${port.protocol}` === protocol };
    // A port without a name has none here either.
    if (name === '_' || this.targets(wanted).length === 0) return NO_NAME;
    return type === TYPE.SRV ? this.srv(`${name}.${protocol}.${this.own}`, wanted) : NO_DATA;
  }

  private targets(wanted: Wanted): Target[] {
    const { entry, own } = this;
    if (entry.kind === 'external') return [];
    if (entry.kind === 'headless') return distinct(headlessTargets(entry, own, wanted));
    const { addresses } = entry;
    return distinct(entry.ports.filter(wanted.isPort).map(({ port }) => ({ name: own, addresses, port })));
  }

  /** All share the weight; the addresses that the client would ask for next go with them. */
  private srv(name: string, wanted: Wanted): ZoneAnswer {
    const { ttl } = this;
    const targets = this.targets(wanted);
    const weight = Math.max(1, Math.floor(SRV_WEIGHTS / Math.max(1, targets.length)));
    const answers = targets.map(({ name: target, port }): ResourceRecord => {
      return { name, type: 'SRV', ttl, data: { priority: 0, weight, port, target } };
    });
    const byName = new Map(targets.map((target) => [target.name, target.addresses]));
    const additionals = [...byName].flatMap(([target, all]) =>
      [TYPE.A, TYPE.AAAA].flatMap((type) => addressRecords(target, all, type, ttl)),
    );
    return { kind: 'records', answers, additionals };
  }
}
