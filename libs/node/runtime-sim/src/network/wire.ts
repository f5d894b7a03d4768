import { isIPv4 } from 'node:net';
import { carriedAddress, type WireAddress, wireAddress } from '@binnacle/machinery-wire';
import type { ExactListeners, Transport } from '@binnacle/process-lifecycle';
import { Gate } from './gate.js';
import type { Inhabitant } from './inhabitant.js';
import { Inhabitants } from './inhabitants.js';
import type { Path } from '../links/path.js';
import { noPaths, type Paths } from './paths.js';
import { type Arrival, type Caller, everything, type TrafficRules } from './traffic.js';

export interface WireOptions {
  /** Whether ports below 1024 may be opened. */
  readonly privileged: boolean;
  /** Whether a Service answers at an address, its own or, for NodePorts, a node's. */
  readonly isService: (ip: string, port: number, transport: Transport) => boolean;
  readonly listeners: Pick<ExactListeners, 'has'>;
  /** `host:port` that the operator lets simulated Pods reach beside what is simulated. */
  readonly opened?: readonly string[];
  /** What of that they may; everything unless it is said. */
  readonly rules?: TrafficRules;
  /** The Pods of all wires of this process. */
  readonly inhabitants?: Inhabitants;
  /** How long what arrives at a Pod takes. */
  readonly paths?: Paths;
}

class Unreachable extends Error {
  constructor(
    readonly code: 'ECONNREFUSED' | 'EHOSTUNREACH' | 'ENOTFOUND',
    message: string,
  ) {
    super(message);
  }
}

const keyOf = ({ host, port }: WireAddress, transport: Transport): string => `${transport}/${host}:${port}`;

/**
 * The network of simulated Pods. It leads to sockets that simulated containers hold, to Services where kube-proxy holds the socket,
 * and to what the operator opened; never to what else listens on this machine.
 */
export class Wire {
  private readonly held = new Map<string, number>();
  private readonly opened: ReadonlySet<string>;
  private readonly rules: TrafficRules;
  private readonly inhabitants: Inhabitants;
  /** What a Pod that dials passes first. */
  readonly gate: Gate;

  constructor(private readonly options: WireOptions) {
    this.opened = new Set(options.opened);
    this.rules = options.rules ?? everything;
    this.inhabitants = options.inhabitants ?? new Inhabitants();
    this.gate = new Gate(this.rules);
  }

  get privileged(): boolean {
    return this.options.privileged;
  }

  /** Where an address of the wire is really listened on. */
  place(ip: string, port: number): WireAddress {
    return wireAddress(ip, port, this.options.privileged);
  }

  /** A Pod has its address now. Answers how to take that back. */
  settle(inhabitant: Inhabitant): () => void {
    return this.inhabitants.settle(this, inhabitant);
  }

  /** The Pod that has an address. */
  inhabitant(ip: string): Inhabitant | undefined {
    return this.inhabitants.at(this, ip);
  }

  /** Whether what a socket of a Pod received from `host`, an address of this machine, may come in. */
  admits(host: string, to: Inhabitant, arrival: Arrival): boolean {
    const caller = this.caller(host);
    return !this.inhabitants.isElsewhere(this, caller.ip) && this.rules.mayAccept(caller, to, arrival);
  }

  /** The way by which what comes from `host` reaches a Pod, where anything is to be noticed of it. */
  path(host: string, to: Inhabitant): Path | undefined {
    return (this.options.paths ?? noPaths).between(this.caller(host), to);
  }

  private caller(host: string): Caller {
    const ip = carriedAddress(host);
    const inhabitant = this.inhabitants.at(this, ip);
    return { host, ip, ...(inhabitant && { inhabitant }) };
  }

  /** Tells of each change after which `admits` may answer otherwise. Answers how to hear no more of them. */
  onChange(listener: () => void): () => void {
    return this.rules.onChange(listener);
  }

  /** A container holds a socket now. Answers how to take that back. */
  hold(address: WireAddress, transport: Transport): () => void {
    const key = keyOf(address, transport);
    this.held.set(key, (this.held.get(key) ?? 0) + 1);
    return () => {
      const left = (this.held.get(key) ?? 1) - 1;
      if (left > 0) this.held.set(key, left);
      else this.held.delete(key);
    };
  }

  /** Where an address is to be dialled. Rejects with a code as the system gives where nothing simulated is there. */
  async reach(ip: string, port: number, transport: Transport = 'tcp'): Promise<WireAddress> {
    if (this.opened.has(`${ip}:${port}`)) return { host: ip, port };
    if (!isIPv4(ip)) throw new Unreachable('ENOTFOUND', `lookup ${ip}: no such host`);
    if (!ip.startsWith('10.') && !ip.startsWith('127.'))
      throw new Unreachable('EHOSTUNREACH', `no route to host ${ip}`);
    const address = this.place(ip, port);
    if (this.held.has(keyOf(address, transport)) || (await this.isCarried(ip, port, transport))) return address;
    throw new Unreachable('ECONNREFUSED', `connect ECONNREFUSED ${ip}:${port}`);
  }

  private async isCarried(ip: string, port: number, transport: Transport): Promise<boolean> {
    if (!this.options.isService(ip, port, transport)) return false;
    const { host, port: real } = this.place(ip, port);
    return await this.options.listeners.has(transport, host, real);
  }
}
