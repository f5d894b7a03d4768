import { carriedAddress } from '@binnacle/machinery-wire';
import type { ConnectionTable } from '../connections/connection-table.js';
import type { Counts, Flow } from '../connections/flow.js';
import type { PortLedger } from '../connections/port-ledger.js';
import { MACHINE, type NodeMap } from '../plan/nodes.js';
import { Ranges } from '../plan/ranges.js';
import type { ListenerSpec } from '../plan/service-plan.js';
import type { Balancer } from './balancer.js';
import type { CarriedBackend } from './carried.js';

type Rules = Pick<ListenerSpec, 'balancer' | 'insideBalancer' | 'masquerade' | 'sourceRanges'> & Flow['asked'];
type Nodes = Pick<NodeMap, 'owner' | 'isPod' | 'nameOf'>;

/** A client as its socket shows it. */
export interface Client {
  readonly address: string;
  readonly port: number;
}

/** Where connections are counted. */
export interface Books {
  readonly table: ConnectionTable;
  readonly ledger: PortLedger;
}

const isLoopback = (address: string): boolean => address.startsWith('127.');

/** What an open port does with its clients. */
export class Gate {
  private readonly balancer: Balancer;
  private readonly inside: Balancer;
  private readonly ranges: Ranges | undefined;

  /** Throws where `balancers` has not what the rules speak of. */
  constructor(
    private readonly rules: Rules,
    balancers: ReadonlyMap<string, Balancer>,
    private readonly nodes: Nodes,
    private readonly books: Books,
  ) {
    const find = (id: string): Balancer => {
      const found = balancers.get(id);
      if (!found) throw new Error(`there is no balancer ${id}`);
      return found;
    };
    this.balancer = find(rules.balancer);
    this.inside = find(rules.insideBalancer ?? rules.balancer);
    this.ranges = rules.sourceRanges && new Ranges(rules.sourceRanges);
  }

  /** A range may be written in addresses of the cluster, or as this machine has them. */
  admits(client: string): boolean {
    const isIn = !this.ranges || this.ranges.has(client) || this.ranges.has(carriedAddress(client));
    if (!isIn) this.books.ledger.notAdmitted += 1;
    return isIn;
  }

  balancerOf(client: string): Balancer {
    return this.inside !== this.balancer && this.nodes.owner(client) !== undefined ? this.inside : this.balancer;
  }

  /**
   * Whom an endpoint sees: the client itself, or for a policy that may lead over other nodes the node that was asked, unless
   * the client is a Pod. Undefined where the system chooses, which is this machine: a client from beyond it cannot be posed as.
   */
  sourceOf(client: string, { place }: CarriedBackend): string | undefined {
    const { masquerade } = this.rules;
    const seen = masquerade === undefined || this.nodes.isPod(client) ? client : masquerade;
    return seen !== MACHINE && isLoopback(seen) && isLoopback(place.host) ? seen : undefined;
  }

  /** An endpoint could not be reached. */
  failed(backend: CarriedBackend): void {
    this.books.ledger.failed(backend);
  }

  /** A client found nobody. */
  unanswered(): void {
    this.books.ledger.unanswered += 1;
  }

  /** A connection stands. Answers what to call when it is over. */
  open({ address, port }: Client, backend: CarriedBackend, counts: () => Counts): () => void {
    const { rules, nodes, books } = this;
    const node = nodes.owner(address);
    const balancer = this.balancerOf(address);
    return books.table.open(books.ledger, {
      client: { address: nodes.nameOf(address, node), port, ...(node !== undefined && { node }) },
      backend,
      asked: { host: rules.host, port: rules.port, purpose: rules.purpose },
      counts,
      isWanted: () => balancer.takes(backend),
    });
  }
}
