import { followLog } from '@binnacle/web-data';
import { LogBuffer } from './log-buffer.js';
import { LogReader, type LogWays, type LogWish } from './log-reader.js';
import { CAPACITY, LogDisplay, type LogSight } from './log-sight.js';
import type { ContainerLog } from './log-sources.js';

/** A browser keeps six requests open to a server; pages need some of them. */
const AT_ONCE = 3;

/** Lets so many run at once; the others wait for their turn. */
class Turns {
  private free = AT_ONCE;
  private readonly waiting: (() => void)[] = [];

  readonly take = async <T>(run: () => Promise<T>): Promise<T> => {
    if (this.free > 0) this.free -= 1;
    else await new Promise<void>((resolve) => this.waiting.push(resolve));
    try {
      return await run();
    } finally {
      const next = this.waiting.shift();
      if (next) next();
      else this.free += 1;
    }
  };
}

interface Member {
  readonly reader: LogReader;
  attempt: number;
}

type Wish = Omit<LogWish, 'container'>;

/** The logs of several containers in one, which come and go. */
export class MergedLog {
  private readonly buffer: LogBuffer;
  private readonly display: LogDisplay;
  private readonly members = new Map<string, Member>();
  private readonly ways: LogWays = { follow: followLog, turn: new Turns().take };

  constructor(
    private readonly cluster: string,
    private readonly wish: Wish,
    show: (sight: LogSight) => void,
  ) {
    this.buffer = new LogBuffer(Math.max(CAPACITY, wish.tailLines));
    this.display = new LogDisplay(this.buffer, () => [...this.members.values()].map(({ reader }) => reader), show);
  }

  /** From now on these are read. What was read of others stays; those that still say something are heard to their end. */
  follow(sources: readonly ContainerLog[]): void {
    const wanted = new Set(sources.map(({ key }) => key));
    for (const [key, { reader }] of this.members) {
      if (wanted.has(key)) continue;
      reader.finish();
      if (reader.phase === 'following') continue;
      reader.stop();
      this.members.delete(key);
    }
    for (const source of sources) this.read(source);
    this.display.changed();
  }

  stop(): void {
    for (const { reader } of this.members.values()) reader.stop();
    this.display.stop();
  }

  private read(source: ContainerLog): void {
    const known = this.members.get(source.key);
    if (!known) {
      const reader = this.readerOf(source);
      this.members.set(source.key, { reader, attempt: source.attempt });
      return void reader.run();
    }
    if (known.attempt === source.attempt) return;
    known.attempt = source.attempt;
    known.reader.restart();
  }

  private readerOf({ namespace, pod, container, colour }: ContainerLog): LogReader {
    const source = { pod, container, colour };
    const target = { cluster: this.cluster, group: '', version: 'v1', resource: 'pods', namespace, name: pod };
    const sink = {
      lines: (lines: Parameters<LogBuffer['push']>[0]) => this.buffer.merge(lines.map((line) => ({ ...line, source }))),
      restarted: (time: string) => this.buffer.merge([{ time, text: '', restart: true, source }]),
      changed: this.display.changed,
    };
    return new LogReader(target, { ...this.wish, container }, sink, this.ways);
  }
}
