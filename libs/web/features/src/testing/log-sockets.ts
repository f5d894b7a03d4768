/** One followed log, as the server has it. */
export class LogSocket {
  onmessage: ((event: { data: ArrayBuffer }) => void) | undefined;
  onclose: ((event: { code: number }) => void) | undefined;
  binaryType = 'blob';
  isOpen = true;

  constructor(readonly url: URL) {}

  /** The container writes, at that second of a minute. */
  write(second: number, text: string): void {
    const stamp = new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString();
    const bytes = new TextEncoder().encode(`${stamp} ${text}\n`);
    // In the memory of the page's own world.
    this.onmessage?.({ data: Uint8Array.from(bytes).buffer });
  }

  end(code = 1_000): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    this.onclose?.({ code });
  }

  close(): void {
    this.end();
  }
}

/** Takes the WebSockets on which a page follows logs. */
export class LogSockets {
  readonly all: LogSocket[] = [];

  /** In place of the browser's own. */
  socketClass(): unknown {
    const { all } = this;
    return class extends LogSocket {
      constructor(url: string) {
        super(new URL(url));
        all.push(this);
      }
    };
  }

  /** The one that follows a container of a Pod; the last where there were several. */
  of(pod: string, container: string): LogSocket | undefined {
    return this.all.findLast(
      ({ url }) => url.pathname.endsWith(`/pods/${pod}/log`) && url.searchParams.get('container') === container,
    );
  }
}
