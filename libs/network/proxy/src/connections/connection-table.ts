import { randomBytes } from 'node:crypto';
import type { Clock } from '@binnacle/machinery-context';
import { backendKey } from '../plan/endpoints.js';
import type { ListenerSpec, ServicePlan } from '../plan/service-plan.js';
import type { ConnectionView, Flow, PortTraffic } from './flow.js';
import { PortLedger } from './port-ledger.js';

interface Entry {
  readonly id: number;
  readonly ledger: PortLedger;
  readonly flow: Flow;
  readonly since: number;
}

/** Which of the connections are meant; all are where nothing is said. */
export interface ConnectionQuery {
  readonly namespace?: string;
  /** Of a Service, in its namespace. */
  readonly name?: string;
  readonly limit: number;
}

export interface ConnectionPage {
  /** The newest first. */
  readonly items: readonly ConnectionView[];
  /** How many there are besides. */
  readonly remaining: number;
}

const ledgerKey = ({ servicePort, protocol }: Pick<ListenerSpec, 'servicePort' | 'protocol'>): string =>
  `${servicePort}/${protocol}`;

function isMeant({ namespace, name }: Omit<ConnectionQuery, 'limit'>, service: string): boolean {
  if (namespace === undefined) return true;
  return name === undefined ? service.startsWith(`${namespace}/`) : service === `${namespace}/${name}`;
}

/** The connections of one data plane that stand, and what its ports have carried: what a kernel's connection tracking knows. */
export class ConnectionTable {
  private readonly entries = new Map<number, Entry>();
  private readonly ledgers = new Map<string, Map<string, PortLedger>>();
  /** Of this process. */
  private readonly origin = randomBytes(4).toString('hex');
  private last = 0;
  private readonly watchers = new Map<(view: ConnectionView) => void, string>();

  constructor(private readonly clock: Clock) {}

  get size(): number {
    return this.entries.size;
  }

  /** What one port of a Service is counted by, for as long as there is the Service. */
  ledger(service: string, port: Pick<ListenerSpec, 'servicePort' | 'protocol'>): PortLedger {
    const ports = this.ledgers.get(service) ?? new Map<string, PortLedger>();
    this.ledgers.set(service, ports);
    const key = ledgerKey(port);
    const known = ports.get(key) ?? new PortLedger(service, port.servicePort, port.protocol);
    ports.set(key, known);
    return known;
  }

  /** What a Service is now: counts of ports that it has no more are forgotten; connections stand until they end. */
  follow(service: string, { listeners, balancers }: Pick<ServicePlan, 'listeners' | 'balancers'>): void {
    const known = this.ledgers.get(service);
    if (!known) return;
    const keys = new Set(listeners.map(ledgerKey));
    const backends = new Set(balancers.flatMap((one) => one.backends.map(backendKey)));
    for (const [key, ledger] of known) {
      if (keys.has(key)) ledger.retain(backends);
      else known.delete(key);
    }
    if (known.size === 0) this.ledgers.delete(service);
  }

  /** A connection stands. Answers what to call when it is over. */
  open(ledger: PortLedger, flow: Flow): () => void {
    const entry: Entry = { id: (this.last += 1), ledger, flow, since: this.clock.now() };
    this.entries.set(entry.id, entry);
    ledger.begin(flow);
    for (const [told, service] of this.watchers) if (service === ledger.service) told(this.viewOf(entry));
    return () => {
      if (this.entries.delete(entry.id)) ledger.end(flow);
    };
  }

  /** Tells of each connection to a Service from now on, as it is led to its endpoint. Answers how to end that. */
  watch(service: string, told: (view: ConnectionView) => void): () => void {
    this.watchers.set(told, service);
    return () => void this.watchers.delete(told);
  }

  list({ limit, ...query }: ConnectionQuery): ConnectionPage {
    const meant = [...this.entries.values()].filter(({ ledger }) => isMeant(query, ledger.service)).reverse();
    return {
      items: meant.slice(0, limit).map((entry) => this.viewOf(entry)),
      remaining: Math.max(0, meant.length - limit),
    };
  }

  traffic(query: Omit<ConnectionQuery, 'limit'>): readonly PortTraffic[] {
    return [...this.ledgers]
      .filter(([service]) => isMeant(query, service))
      .flatMap(([, ports]) => [...ports.values()].map((ledger) => ledger.view()));
  }

  private viewOf({ id, ledger, flow, since }: Entry): ConnectionView {
    const { service, servicePort, protocol } = ledger;
    const { host, port, purpose } = flow.asked;
    const { address, port: endpointPort, node } = flow.backend;
    return {
      id: `${protocol.toLowerCase()}-${this.origin}-${id}`,
      service,
      servicePort,
      protocol,
      purpose,
      asked: { address: host, port },
      client: flow.client,
      endpoint: { address, port: endpointPort, ...(node !== undefined && { node }) },
      since,
      draining: !flow.isWanted(),
      ...flow.counts(),
    };
  }
}
