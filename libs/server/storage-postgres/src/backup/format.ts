import { createHash, type Hash } from 'node:crypto';

/**
 * A backup is text, one JSON value a line: a header, then for each cluster a line that describes it and its changes, then who may
 * sign in, and last the number of lines and their SHA-256.
 */
export interface BackupHeader {
  readonly format: 'binnacle-backup';
  readonly version: 1;
  /** Milliseconds since the epoch. */
  readonly time: number;
}

export interface ClusterLine {
  readonly cluster: string;
  readonly revision: number;
  readonly oldest: number;
  readonly createdAt: number;
  readonly keepSeconds: number | null;
  readonly keepBytes: number | null;
}

/** `live` tells whether an object points at the change. */
export type ChangeLine = [
  live: boolean,
  revision: number,
  previous: number | null,
  time: number,
  type: number,
  key: string,
  actor: string,
  attributes: string,
  body: string,
];

/**
 * Who may sign in, and by what. Sessions, tokens, links and terminals are not in a backup: what was given out and has been taken back
 * since must not come back by it.
 */
export interface AccountLine {
  readonly account: string;
  readonly groups: readonly string[];
  readonly scrypt: string;
  /** Of the User; absent or null in a backup of an older release, and for an account that is none yet. */
  readonly uid?: string | null;
  readonly mustChange?: boolean;
}

/** A row of the table `passkeys`; times are ISO 8601. */
export interface PasskeyLine {
  readonly passkey: Readonly<Record<string, unknown>>;
}

/** A row of the table `identities`. */
export interface IdentityLine {
  readonly identity: Readonly<Record<string, unknown>>;
}

export interface Trailer {
  readonly lines: number;
  readonly sha256: string;
}

export type PersonLine = AccountLine | PasskeyLine | IdentityLine;

export type BackupLine = BackupHeader | ClusterLine | ChangeLine | PersonLine | Trailer;

/** The backup is cut off, altered, or none. */
export class BackupError extends Error {
  override readonly name = 'BackupError';
}

/** Writes lines and keeps the sum of what it has written. */
export class BackupWriter {
  private readonly hash: Hash = createHash('sha256');
  private lines = 0;

  write(lines: readonly BackupLine[]): Buffer {
    const bytes = Buffer.from(lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
    this.hash.update(bytes);
    this.lines += lines.length;
    return bytes;
  }

  end(): Buffer {
    const trailer: Trailer = { lines: this.lines, sha256: this.hash.digest('hex') };
    return Buffer.from(`${JSON.stringify(trailer)}\n`);
  }
}

/** Reads the lines before the trailer; throws `BackupError` at the end when the sum is not right. */
export async function* readLines(source: AsyncIterable<Uint8Array>): AsyncGenerator<Exclude<BackupLine, Trailer>> {
  const hash = createHash('sha256');
  let lines = 0;
  let trailer: Trailer | undefined;
  for await (const text of splitLines(source)) {
    if (trailer) throw new BackupError('the backup goes on after its end');
    const line = parse(text, lines === 0);
    if ('sha256' in line) {
      trailer = line;
      continue;
    }
    hash.update(text).update('\n');
    lines += 1;
    yield line;
  }
  if (!trailer) throw new BackupError('the backup is cut off');
  if (trailer.lines !== lines || trailer.sha256 !== hash.digest('hex')) throw new BackupError('the backup was altered');
}

function parse(text: Buffer, isFirst: boolean): BackupLine {
  const line = parseObject(text);
  const isHeader = line && 'format' in line && line.version === 1;
  if (isFirst && !isHeader) throw new BackupError('this is no backup this release can read');
  if (!line) throw new BackupError('the backup is cut off or was altered');
  return line;
}

/** Undefined for what no line of a backup looks like. */
function parseObject(text: Buffer): BackupLine | undefined {
  try {
    const line: unknown = JSON.parse(text.toString());
    return typeof line === 'object' && line !== null ? (line as BackupLine) : undefined;
  } catch {
    return undefined;
  }
}

async function* splitLines(source: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  let rest: Buffer[] = [];
  for await (const chunk of source) {
    let from = 0;
    for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, from)) {
      yield Buffer.concat([...rest, chunk.subarray(from, at)]);
      rest = [];
      from = at + 1;
    }
    if (from < chunk.length) rest.push(Buffer.from(chunk.subarray(from)));
  }
  if (rest.length > 0) yield Buffer.concat(rest);
}
