type Frame = ArrayBuffer;

const encoder = new TextEncoder();

function frame(channel: number, text: string): Frame {
  const data = encoder.encode(text);
  return Uint8Array.from([channel, ...data]).buffer;
}

/** One connection of a page, as the server has it. */
export class CommandConnection {
  static readonly OPEN = 1;
  onopen: (() => void) | undefined;
  onmessage: ((event: { data: Frame }) => void) | undefined;
  onclose: (() => void) | undefined;
  binaryType = 'blob';
  readyState = 0;
  bufferedAmount = 0;
  readonly received: { readonly channel: number; readonly text: string }[] = [];

  constructor(
    readonly url: URL,
    readonly protocols: readonly string[],
  ) {}

  send(message: Uint8Array): void {
    this.received.push({ channel: message[0] ?? -1, text: new TextDecoder().decode(message.subarray(1)) });
  }

  close(): void {
    if (this.readyState === 3) return;
    this.readyState = 3;
    this.onclose?.();
  }

  accept(): void {
    this.readyState = 1;
    this.onopen?.();
  }

  say(text: string): void {
    this.onmessage?.({ data: frame(1, text) });
  }

  exit(code: number): void {
    const causes = [{ reason: 'ExitCode', message: String(code) }];
    const failure = { status: 'Failure', reason: 'NonZeroExitCode', details: { causes } };
    this.onmessage?.({ data: frame(3, JSON.stringify(code === 0 ? { status: 'Success' } : failure)) });
    this.close();
  }
}

/** Takes the WebSockets of a page; what comes of each is for the test to say. */
export class CommandServer {
  readonly connections: CommandConnection[] = [];

  /** In place of the browser's own. */
  socketClass(): unknown {
    const { connections } = this;
    return class extends CommandConnection {
      constructor(url: string, protocols: readonly string[]) {
        super(new URL(url), protocols);
        connections.push(this);
      }
    };
  }

  get last(): CommandConnection {
    const found = this.connections.at(-1);
    if (!found) throw new Error('nobody has connected');
    return found;
  }
}
