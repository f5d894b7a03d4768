import { formatLogLine, type LogStream } from './log-format.js';

/** Longest text of one entry, in bytes; longer lines are written in parts. Behaves as containerd's CRI logger. */
const LONGEST_TEXT = 16_384;
const NEWLINE = 0x0a;

/** Turns what a container writes, in whatever chunks, into entries of its log file. */
export class LogEntries {
  private readonly unfinished = new Map<LogStream, Buffer>();

  /** The entries that the chunk finishes; `time` in milliseconds since the epoch. */
  take(stream: LogStream, chunk: Buffer, time: number): Buffer[] {
    const entries: Buffer[] = [];
    const pending = this.unfinished.get(stream);
    const bytes = pending?.length ? Buffer.concat([pending, chunk]) : chunk;
    let start = 0;
    for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, start)) {
      this.line(entries, stream, bytes.subarray(start, end), time);
      start = end + 1;
    }
    for (; bytes.length - start > LONGEST_TEXT; start += LONGEST_TEXT) {
      entries.push(formatLogLine(time, stream, true, bytes.subarray(start, start + LONGEST_TEXT)));
    }
    this.unfinished.set(stream, Buffer.from(bytes.subarray(start)));
    return entries;
  }

  /** Bytes taken of which no entry was made yet. */
  pending(stream: LogStream): number {
    return this.unfinished.get(stream)?.length ?? 0;
  }

  /** Entries of the lines that will not be finished any more. */
  finish(time: number): Buffer[] {
    const rests = [...this.unfinished].filter(([, rest]) => rest.length > 0);
    this.unfinished.clear();
    return rests.map(([stream, rest]) => formatLogLine(time, stream, true, rest));
  }

  private line(entries: Buffer[], stream: LogStream, line: Buffer, time: number): void {
    let rest = line;
    for (; rest.length > LONGEST_TEXT; rest = rest.subarray(LONGEST_TEXT)) {
      entries.push(formatLogLine(time, stream, true, rest.subarray(0, LONGEST_TEXT)));
    }
    entries.push(formatLogLine(time, stream, false, rest));
  }
}
