import type { CancelTimer, Clock } from '@binnacle/machinery-context';
import type { CarriedStream } from '../carrier/carried-stream.js';
import type { OnForward } from './forwarded-connection.js';

/** Both streams of a connection must come within so long of each other. */
const PAIR_MILLISECONDS = 30_000;
const HIGHEST_PORT = 65_535;

interface HalfPair {
  readonly stream: CarriedStream;
  readonly cancel: CancelTimer;
}

type Kind = 'data' | 'error';

const kindOf = ({ headers }: CarriedStream): Kind | undefined => {
  const { streamtype } = headers;
  return streamtype === 'data' || streamtype === 'error' ? streamtype : undefined;
};

function portOf({ headers }: CarriedStream): number | undefined {
  const text = headers.port ?? '';
  const port = Number(text);
  return /^\d{1,5}$/.test(text) && port > 0 && port <= HIGHEST_PORT ? port : undefined;
}

/** Older clients number no requests: a connection's error stream comes first, and its data stream next. */
function requestOf({ id, headers }: CarriedStream, kind: Kind): string {
  return headers.requestid ?? String(kind === 'error' ? id : id - 2);
}

/** Puts the data and the error stream of each forwarded connection together. */
export class StreamPairs {
  private readonly halves = new Map<string, HalfPair>();

  constructor(
    private readonly clock: Clock,
    private readonly onForward: OnForward,
  ) {}

  /** What is neither, or for no port, is given up. */
  add(stream: CarriedStream): void {
    const kind = kindOf(stream);
    const port = portOf(stream);
    if (!kind || port === undefined) return void stream.destroy();
    if (kind === 'error') stream.resume();
    const request = requestOf(stream, kind);
    const other = this.take(request);
    if (!other) return this.keep(request, stream);
    if (kindOf(other) === kind) {
      other.destroy();
      return void stream.destroy();
    }
    const [data, error] = kind === 'data' ? [stream, other] : [other, stream];
    this.onForward({ port, data, error });
  }

  private keep(request: string, stream: CarriedStream): void {
    const cancel = this.clock.after(PAIR_MILLISECONDS, () => {
      this.halves.delete(request);
      stream.destroy();
    });
    this.halves.set(request, { stream, cancel });
    stream.once('close', () => {
      if (this.halves.get(request)?.stream === stream) this.take(request);
    });
  }

  private take(request: string): CarriedStream | undefined {
    const half = this.halves.get(request);
    this.halves.delete(request);
    half?.cancel();
    return half?.stream;
  }
}
