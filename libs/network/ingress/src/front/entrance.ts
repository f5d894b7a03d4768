import type { CancelTimer, Context } from '@binnacle/machinery-context';
import { wireAddress } from '@binnacle/machinery-wire';
import type { ConnectionDoor } from '@binnacle/process-connections';
import type { RequestHandler, Site } from '../exchange/request-handler.js';
import type { Hosts } from '../table/host-table.js';
import { CertificateTable } from './certificates.js';
import { EntrancePort } from './entrance-port.js';
import { FrontServers } from './front-servers.js';

export interface PortSpec {
  readonly port: number;
  readonly hosts: Hosts;
  /** Spoken to over TLS where they are there. */
  readonly certificates?: CertificateTable;
}

/** What is served at one address of a logical cluster. */
export interface EntranceSpec {
  readonly address: string;
  readonly ports: readonly PortSpec[];
}

export interface EntranceOptions {
  readonly handler: RequestHandler;
  readonly door: ConnectionDoor;
  /** Whether ports below 1024 may be opened. */
  readonly privileged: boolean;
  /** A port could not be opened; it is tried again. */
  readonly onFailure: (address: string, port: number, error: Error) => void;
}

const FIRST_RETRY_MILLISECONDS = 250;
const LONGEST_RETRY_MILLISECONDS = 30_000;
const HTTPS = 443;
const NONE = new CertificateTable([]);

/** A port that is open, or is on its way to be. */
class Opening {
  private spec: PortSpec;
  private opened: EntrancePort | undefined;
  private cancel: CancelTimer | undefined;
  private isClosed = false;
  private readonly servers: FrontServers;

  constructor(
    private readonly ctx: Context,
    private readonly address: string,
    first: PortSpec,
    private readonly options: EntranceOptions,
  ) {
    this.spec = first;
    this.servers = new FrontServers((request, response, upgrade) =>
      options.handler.handle(this.site(), request, response, upgrade),
    );
    void this.open(0);
  }

  get connections(): number {
    return this.servers.count;
  }

  get isOpen(): boolean {
    return this.opened !== undefined;
  }

  isSame(spec: PortSpec): boolean {
    return (spec.certificates === undefined) === (this.spec.certificates === undefined);
  }

  update(spec: PortSpec): void {
    const { certificates } = spec;
    const isNew = certificates !== this.spec.certificates;
    this.spec = spec;
    if (certificates && isNew) this.opened?.certificatesChanged(certificates);
  }

  close(): void {
    this.end();
    this.opened?.close();
  }

  destroy(): void {
    this.end();
    this.opened?.destroy();
  }

  private end(): void {
    this.isClosed = true;
    this.cancel?.();
  }

  private site(): Site {
    const { privileged } = this.options;
    const at = (port: number) => wireAddress(this.address, port, privileged).port;
    const secure = this.spec.certificates !== undefined;
    return { door: { secure, port: at(this.spec.port), securePort: at(HTTPS) }, hosts: this.spec.hosts };
  }

  private async open(attempts: number): Promise<void> {
    const { address, spec, servers, options } = this;
    const place = wireAddress(address, spec.port, options.privileged);
    const certificates = spec.certificates && { certificates: () => this.spec.certificates ?? NONE };
    try {
      const opened = await EntrancePort.open({
        place,
        servers,
        door: options.door,
        clock: this.ctx.clock,
        ...certificates,
      });
      if (this.isClosed) opened.destroy();
      else this.opened = opened;
    } catch (error) {
      if (!this.isClosed) this.failed(attempts, error as Error);
    }
  }

  private failed(attempts: number, error: Error): void {
    const delay = Math.min(FIRST_RETRY_MILLISECONDS * 2 ** attempts, LONGEST_RETRY_MILLISECONDS);
    this.options.onFailure(this.address, this.spec.port, error);
    this.cancel = this.ctx.clock.after(delay, () => void this.open(attempts + 1));
  }
}

/** The sockets of one address, kept equal to what is wanted there. */
export class Entrance {
  private address = '';
  private readonly openings = new Map<number, Opening>();

  constructor(
    private readonly ctx: Context,
    private readonly options: EntranceOptions,
  ) {}

  get connections(): number {
    return [...this.openings.values()].reduce((sum, opening) => sum + opening.connections, 0);
  }

  get openPorts(): number {
    return [...this.openings.values()].filter(({ isOpen }) => isOpen).length;
  }

  apply({ address, ports }: EntranceSpec): void {
    const wanted = new Map(ports.map((spec) => [spec.port, spec]));
    for (const [port, opening] of this.openings) {
      const spec = wanted.get(port);
      if (address === this.address && spec && opening.isSame(spec)) opening.update(spec);
      else this.remove(port, opening);
    }
    this.address = address;
    for (const spec of ports) {
      if (!this.openings.has(spec.port))
        this.openings.set(spec.port, new Opening(this.ctx, address, spec, this.options));
    }
  }

  /** Takes no more; what is under way goes on. */
  close(): void {
    for (const [port, opening] of this.openings) this.remove(port, opening);
  }

  destroy(): void {
    for (const opening of this.openings.values()) opening.destroy();
    this.openings.clear();
  }

  private remove(port: number, opening: Opening): void {
    opening.close();
    this.openings.delete(port);
  }
}
