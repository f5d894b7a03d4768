import { createReadStream } from 'node:fs';
import { endianness } from 'node:os';
import type { Clock } from '@binnacle/machinery-context';

export type Transport = 'tcp' | 'udp';

/** Answers the text of `/proc/net/<transport>` in pieces. */
export type ReadTable = (transport: Transport) => AsyncIterable<string>;

/** A socket that was found is believed in so long; one that is missing is always looked for again. */
const FOUND_MILLISECONDS = 1000;
/** A listening TCP socket, and a UDP one that hears everybody: one that is connected hears its peer alone. */
const WAITING: Readonly<Record<Transport, string>> = { tcp: '0A', udp: '07' };
const ROW = /^\s*\d+: ([0-9A-F]{8}):([0-9A-F]{4}) [0-9A-F]{8}:[0-9A-F]{4} ([0-9A-F]{2}) /;

const readTable: ReadTable = (transport) => createReadStream(`/proc/net/${transport}`, 'latin1');

function addressOf(hex: string): string {
  const bytes = Buffer.from(hex, 'hex');
  return (endianness() === 'LE' ? bytes.reverse() : bytes).join('.');
}

/** `host:port` of every socket that waits for clients at an address of its own. Listening TCP sockets come first in the table. */
async function readSockets(read: ReadTable, transport: Transport): Promise<Set<string>> {
  const found = new Set<string>();
  let rest = '';
  for await (const chunk of read(transport)) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const [, host = '', port = '', state] = ROW.exec(line) ?? [];
      if (!host) continue;
      if (state === WAITING[transport]) found.add(`${addressOf(host)}:${Number.parseInt(port, 16)}`);
      else if (transport === 'tcp') return found;
    }
  }
  return found;
}

/**
 * Tells whether a socket of this machine waits at exactly one address. A connection to an address of 127.0.0.0/8 that nobody
 * holds is answered by whoever listens on all addresses, which is nobody's business in a simulated network.
 */
export class ExactListeners {
  private readonly tables = new Map<Transport, { readonly at: number; readonly sockets: ReadonlySet<string> }>();
  private readonly reading = new Map<Transport, Promise<ReadonlySet<string>>>();

  constructor(
    private readonly clock: Clock,
    private readonly read: ReadTable = readTable,
  ) {}

  /** Rejects where the system does not tell. */
  async has(transport: Transport, host: string, port: number): Promise<boolean> {
    const key = `${host}:${port}`;
    const known = this.tables.get(transport);
    if (known?.sockets.has(key) && this.clock.now() - known.at < FOUND_MILLISECONDS) return true;
    // What is being read now may have passed the place where a socket was opened a moment ago.
    if ((await this.reading.get(transport))?.has(key)) return true;
    return (await this.next(transport)).has(key);
  }

  /** Everybody who asks meanwhile waits for one reading. */
  private next(transport: Transport): Promise<ReadonlySet<string>> {
    const running = this.reading.get(transport);
    if (running) return running;
    const reading = this.look(transport).finally(() => this.reading.delete(transport));
    this.reading.set(transport, reading);
    return reading;
  }

  private async look(transport: Transport): Promise<ReadonlySet<string>> {
    const at = this.clock.now();
    const sockets = await readSockets(this.read, transport);
    this.tables.set(transport, { at, sockets });
    return sockets;
  }
}
