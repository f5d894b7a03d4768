import type { Readable, Writable } from 'node:stream';
import type { Clock } from '@binnacle/machinery-context';
import type { Status } from '@binnacle/machinery-meta';
import type { Upgrade } from '../websocket/accept-websocket.js';
import type { CommandOptions } from './command-options.js';
import { upgradedTo, WEBSOCKET } from './negotiate.js';
import { openChannels } from './command-channels.js';
import { openSpdyStreams } from './command-spdy.js';
import type { CommandStreams } from './command-streams.js';
import { readSizes, type TerminalSize } from './terminal-size.js';

/** One exec or attach, by whatever protocol. */
export interface CommandSession {
  readonly stdin?: Readable;
  readonly stdout?: Writable;
  readonly stderr?: Writable;
  /** Aborts when the client goes. */
  readonly signal: AbortSignal;
  onResize(listener: (size: TerminalSize) => void): void;
  /** Tells how it ended, after all output, and hangs up. Resolves when the client has gone. */
  end(status: Status): Promise<void>;
}

/** Who has been told the end and does not hang up loses the connection. */
const LINGER_MILLISECONDS = 30_000;

function statusText(status: Status, asText: boolean): string {
  if (!asText) return JSON.stringify(status);
  return status.status === 'Success' ? '' : (status.message ?? '');
}

const finished = (stream: Writable | undefined, last = ''): Promise<void> =>
  new Promise((resolve) => {
    if (!stream || stream.destroyed || stream.writableEnded) return resolve();
    stream.once('close', resolve);
    if (last) stream.write(last);
    stream.end(resolve);
  });

class Session implements CommandSession {
  readonly stdin?: Readable;
  readonly stdout?: Writable;
  readonly stderr?: Writable;
  readonly signal: AbortSignal;
  private size: TerminalSize | undefined;
  private resized: ((size: TerminalSize) => void) | undefined;

  constructor(
    private readonly streams: CommandStreams,
    private readonly clock: Clock,
  ) {
    const { stdin, stdout, stderr, resize, ended } = streams;
    if (stdin) this.stdin = stdin;
    if (stdout) this.stdout = stdout;
    if (stderr) this.stderr = stderr;
    const abort = new AbortController();
    void ended.then(() => abort.abort(new Error('the client has gone')));
    this.signal = abort.signal;
    if (resize) readSizes(resize, (size) => this.resize(size));
  }

  onResize(listener: (size: TerminalSize) => void): void {
    this.resized = listener;
    if (this.size) listener(this.size);
  }

  async end(status: Status): Promise<void> {
    const { stdout, stderr, error, statusAsText, ended } = this.streams;
    const cancel = this.clock.after(LINGER_MILLISECONDS, () => this.streams.destroy());
    await Promise.all([finished(stdout), finished(stderr)]);
    await finished(error, statusText(status, statusAsText));
    this.streams.close();
    await ended;
    cancel();
  }

  private resize(size: TerminalSize): void {
    this.size = size;
    this.resized?.(size);
  }
}

/**
 * Agrees with a client on how a command's streams are carried, and begins. Rejects with an UpgradeRefusal where nothing has been
 * answered yet; answers undefined where the client has gone or spoke nonsense.
 */
export async function openCommandSession(
  upgrade: Upgrade,
  options: CommandOptions,
  clock: Clock,
): Promise<CommandSession | undefined> {
  const isWebSocket = upgradedTo(upgrade.request) === WEBSOCKET;
  const streams = await (isWebSocket ? openChannels(upgrade, options) : openSpdyStreams(upgrade, options, clock));
  return streams && new Session(streams, clock);
}
