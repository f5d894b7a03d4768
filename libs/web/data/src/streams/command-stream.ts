import { StatusError } from '@binnacle/machinery-meta';
import { open } from '../http.js';
import { type ApiTarget, apiPath } from '../paths.js';
import { offeredProtocols, socketUrl } from './socket-url.js';
import { bytesFrame, inputFrame, type Outcome, PROTOCOLS, readFrame, type ScreenSize, sizeFrame } from './frames.js';

export interface CommandWish {
  readonly container: string;
  /** Undefined attaches to what the container runs. */
  readonly command: readonly string[] | undefined;
}

export interface CommandEvents {
  opened(): void;
  output(data: Uint8Array): void;
  /** Once, at the end, whatever it was. */
  ended(outcome: Outcome): void;
}

/** Input that has not been sent yet; a server that takes none must not fill the page. */
const MOST_UNSENT = 4 * 1024 * 1024;

/** The path of a terminal in a container. */
export function commandPath(pod: ApiTarget, { container, command }: CommandWish): string {
  const base = apiPath(
    { ...pod, subresource: command ? 'exec' : 'attach' },
    // With a terminal both outputs are one.
    { container, stdin: true, stdout: true, tty: true },
  );
  const words = (command ?? []).map((word) => `&command=${encodeURIComponent(word)}`);
  return base + words.join('');
}

const LOST: Outcome = { exitCode: undefined, message: '' };
const UPGRADE_REQUIRED = /upgrade/i;

/** Why no connection came about: a browser does not tell, so the same is asked without one. */
async function refusalOf(path: string): Promise<Outcome> {
  try {
    await open(path);
    return LOST;
  } catch (error) {
    const { message } = error as Error;
    const isOnlyThat = error instanceof StatusError && error.code === 400 && UPGRADE_REQUIRED.test(message);
    return { exitCode: undefined, message: isOnlyThat ? '' : message };
  }
}

/** A terminal in a container: what is typed goes there, what it says comes here, until one of both ends it. */
export class CommandStream {
  private readonly socket: WebSocket;
  private outcome: Outcome | undefined;
  private hasOpened = false;
  private isOver = false;

  constructor(
    private readonly path: string,
    private readonly events: CommandEvents,
  ) {
    this.socket = new WebSocket(socketUrl(path), offeredProtocols(PROTOCOLS));
    this.socket.binaryType = 'arraybuffer';
    this.socket.onopen = () => this.open();
    this.socket.onmessage = ({ data }: MessageEvent<unknown>) => this.take(data);
    this.socket.onclose = () => void this.end();
  }

  write(text: string): void {
    this.send(inputFrame(text));
  }

  writeBytes(text: string): void {
    this.send(bytesFrame(text));
  }

  resize(size: ScreenSize): void {
    this.send(sizeFrame(size));
  }

  /** Ends it without a word more. */
  close(): void {
    this.isOver = true;
    this.socket.close();
  }

  private send(message: Uint8Array<ArrayBuffer>): void {
    if (this.socket.readyState !== WebSocket.OPEN || this.socket.bufferedAmount > MOST_UNSENT) return;
    this.socket.send(message);
  }

  private open(): void {
    this.hasOpened = true;
    if (!this.isOver) this.events.opened();
  }

  private take(data: unknown): void {
    if (this.isOver || !(data instanceof ArrayBuffer)) return;
    const incoming = readFrame(data);
    if (incoming.kind === 'output') this.events.output(incoming.data);
    if (incoming.kind === 'outcome') this.outcome = incoming.outcome;
  }

  private async end(): Promise<void> {
    const outcome = this.outcome ?? (this.hasOpened ? LOST : await refusalOf(this.path));
    if (this.isOver) return;
    this.isOver = true;
    this.events.ended(outcome);
  }
}
