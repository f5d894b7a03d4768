export type LogStream = 'stdout' | 'stderr';

export interface LogLine {
  /** Milliseconds since the epoch. */
  readonly time: number;
  /** RFC 3339 with nanoseconds, as written. */
  readonly timestamp: string;
  readonly stream: LogStream;
  /** A partial line: the next entry of the stream continues it. */
  readonly partial: boolean;
  readonly text: Buffer;
}

const SPACE = 0x20;
const NEWLINE = 0x0a;

/** One entry of a container log: `RFC3339Nano stdout|stderr F|P text`, newline included. */
export function formatLogLine(time: number, stream: LogStream, partial: boolean, text: Buffer): Buffer {
  const timestamp = `${new Date(time).toISOString().slice(0, 23)}000000Z`;
  return Buffer.concat([Buffer.from(`${timestamp} ${stream} ${partial ? 'P' : 'F'} `), text, Buffer.of(NEWLINE)]);
}

/** Reads one entry, without its newline. Answers undefined for what is no log entry. */
export function parseLogLine(line: Buffer): LogLine | undefined {
  const first = line.indexOf(SPACE);
  const second = line.indexOf(SPACE, first + 1);
  const third = line.indexOf(SPACE, second + 1);
  if (first < 0 || second < 0 || third < 0) return undefined;
  const timestamp = line.toString('latin1', 0, first);
  const time = Date.parse(timestamp);
  const stream = line.toString('latin1', first + 1, second);
  const tags = line.toString('latin1', second + 1, third).split(':');
  if (Number.isNaN(time) || (stream !== 'stdout' && stream !== 'stderr')) return undefined;
  if (tags[0] !== 'F' && tags[0] !== 'P') return undefined;
  return { time, timestamp, stream, partial: tags[0] === 'P', text: line.subarray(third + 1) };
}
