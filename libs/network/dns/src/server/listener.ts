import { Backoff } from '@binnacle/client-informers';
import { type Context, withSignal } from '@binnacle/machinery-context';
import { type WireAddress, wireAddress } from '@binnacle/machinery-wire';
import type { ClientBounds } from './client-bounds.js';
import { type DnsSockets, openSockets } from './dns-sockets.js';
import type { Respond } from './tcp-session.js';

const RETRY = { first: 250, most: 30_000 };

/** What a listener needs, wherever it listens. */
export interface ListenerParts {
  readonly respond: Respond;
  readonly bounds: ClientBounds;
  /** Whether ports below 1024 may be opened. */
  readonly privileged: boolean;
  /** Told of each try that failed. */
  readonly failed: (place: WireAddress, error: Error) => void;
}

/** The sockets of a DNS at the one address it has, tried again and again where they cannot be opened. */
export class DnsListener {
  private address: string | undefined;
  private sockets: DnsSockets | undefined;
  private life = new AbortController();

  /** Closes when the context aborts. */
  constructor(
    private readonly ctx: Context,
    private readonly parts: ListenerParts,
    private readonly port: number,
  ) {
    ctx.signal.addEventListener('abort', () => this.listenAt(undefined), { once: true });
  }

  get isOpen(): boolean {
    return this.sockets !== undefined;
  }

  /** The address in the cluster; undefined to listen nowhere. */
  listenAt(address: string | undefined): void {
    if (address === this.address) return;
    this.address = address;
    this.life.abort(new Error('the DNS has another address'));
    this.sockets?.close();
    this.sockets = undefined;
    if (address === undefined) return;
    this.life = new AbortController();
    void this.open(withSignal(this.ctx, this.life.signal), wireAddress(address, this.port, this.parts.privileged));
  }

  private async open(ctx: Context, place: WireAddress): Promise<void> {
    const { respond, bounds, failed } = this.parts;
    const backoff = new Backoff(RETRY);
    while (!ctx.signal.aborted) {
      try {
        const sockets = await openSockets(place, respond, bounds, ctx.clock);
        if (ctx.signal.aborted) sockets.close();
        else this.sockets = sockets;
        return;
      } catch (error) {
        failed(place, error as Error);
        await backoff.wait(ctx).catch(() => undefined);
      }
    }
  }
}
