import { type Backend, backendKey } from '../plan/endpoints.js';
import type { Protocol } from '../plan/service-plan.js';
import type { EndpointTraffic, Flow, PortTraffic, Tally } from './flow.js';

interface Line {
  readonly backend: Backend;
  readonly flows: Set<Flow>;
  /** Of flows that are over, but for the number of all. */
  past: Tally;
  /** It is no endpoint any more. */
  isGone: boolean;
}

const NOTHING: Tally = { total: 0, failed: 0, sent: 0, received: 0 };

function plus(a: Tally, b: Partial<Tally>): Tally {
  const { total = 0, failed = 0, sent = 0, received = 0 } = b;
  return { total: a.total + total, failed: a.failed + failed, sent: a.sent + sent, received: a.received + received };
}

const tallyOf = ({ flows, past }: Line): Tally => [...flows].reduce((sum, flow) => plus(sum, flow.counts()), past);

/** Counts what one port of a Service carries, by endpoint; of endpoints there are no more, all together. */
export class PortLedger {
  notAdmitted = 0;
  unanswered = 0;
  private readonly lines = new Map<string, Line>();
  private gone = NOTHING;

  constructor(
    readonly service: string,
    readonly servicePort: string,
    readonly protocol: Protocol,
  ) {}

  begin(flow: Flow): void {
    const line = this.lineOf(flow.backend);
    line.past = plus(line.past, { total: 1 });
    line.flows.add(flow);
  }

  end(flow: Flow): void {
    const line = this.lineOf(flow.backend);
    if (!line.flows.delete(flow)) return;
    line.past = plus(line.past, flow.counts());
    this.closeIfOver(line);
  }

  failed(backend: Backend): void {
    const line = this.lineOf(backend);
    line.past = plus(line.past, { failed: 1 });
  }

  /** The endpoints there are now, by their keys: others are told only while something stands to them. */
  retain(keys: ReadonlySet<string>): void {
    for (const [key, line] of this.lines) {
      line.isGone = !keys.has(key);
      this.closeIfOver(line);
    }
  }

  view(): PortTraffic {
    const { service, servicePort, protocol, notAdmitted, unanswered, gone } = this;
    const endpoints = [...this.lines.values()].map((line): EndpointTraffic => {
      const { address, port, node } = line.backend;
      return { address, port, ...(node !== undefined && { node }), active: line.flows.size, ...tallyOf(line) };
    });
    return { service, servicePort, protocol, notAdmitted, unanswered, endpoints, gone };
  }

  private lineOf(backend: Backend): Line {
    const key = backendKey(backend);
    const line = this.lines.get(key) ?? { backend, flows: new Set(), past: NOTHING, isGone: false };
    this.lines.set(key, line);
    return line;
  }

  private closeIfOver(line: Line): void {
    if (!line.isGone || line.flows.size > 0) return;
    this.lines.delete(backendKey(line.backend));
    this.gone = plus(this.gone, line.past);
  }
}
