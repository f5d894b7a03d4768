import { appendFile, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FakeClock, silentLogger } from '@binnacle/machinery-context';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ContainerLogWriter, LogEntries, LogFile, type LogOptions, parseLogLine, readContainerLog } from './index.js';

type Stream = 'stdout' | 'stderr';
const LONGEST = 16_384;
const START = Date.UTC(2026, 0, 1);

let directory = '';
let clock: FakeClock;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'binnacle-log-'));
  clock = new FakeClock(START);
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const context = (signal = new AbortController().signal) => ({ signal, clock, logger: silentLogger });

async function read(path: string, options: LogOptions = {}): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of readContainerLog(path, options, () => false, context().signal)) chunks.push(chunk);
  return Buffer.concat(chunks).toString('latin1');
}

/** What a container writes: short and long lines, ends of lines alone, bytes that are no text. */
const text = fc
  .array(
    fc.oneof(
      fc.string({ unit: fc.constantFrom('a', '\n', ' '), maxLength: 6 }),
      fc.constantFrom('\n', '\n\n', '\xff\xfe', 'x'.repeat(LONGEST), 'y'.repeat(LONGEST + 1), 'z'.repeat(40_000)),
    ),
    { maxLength: 6 },
  )
  .map((parts) => Buffer.from(parts.join(''), 'latin1'));
const chunks = fc.array(fc.tuple(fc.constantFrom<Stream>('stdout', 'stderr'), text), { maxLength: 8 });

const of = (all: readonly (readonly [Stream, Buffer])[], stream: Stream): Buffer =>
  Buffer.concat(all.filter(([one]) => one === stream).map(([, bytes]) => bytes));

const parsed = (entry: Buffer) => {
  expect(entry.at(-1)).toBe(10);
  const line = parseLogLine(entry.subarray(0, -1));
  if (!line) throw new Error('an entry that cannot be read');
  return line;
};

describe('entries', () => {
  test('hold what was written, whatever the chunks, each stream for itself', () => {
    fc.assert(
      fc.property(chunks, (all) => {
        const entries = new LogEntries();
        const made = all.flatMap(([stream, bytes]) => entries.take(stream, bytes, START)).concat(entries.finish(START));
        const read = made.map(parsed);
        for (const stream of ['stdout', 'stderr'] as const) {
          const own = read.filter((line) => line.stream === stream);
          const whole = own.map((line) => Buffer.concat([line.text, Buffer.from(line.partial ? '' : '\n')]));
          const written = of(all, stream);
          expect(Buffer.concat(whole).equals(written)).toBe(true);
          expect(own.every((line) => line.text.length <= LONGEST && !line.text.includes(10))).toBe(true);
          const texts = written.toString('latin1').split('\n');
          const lines = texts.at(-1) === '' ? texts.slice(0, -1) : texts;
          const needed = lines.reduce((sum, one) => sum + Math.max(1, Math.ceil(one.length / LONGEST)), 0);
          expect(own).toHaveLength(needed);
          // A part is always a full one or the very last, so that readers need not wait for nothing.
          expect(own.slice(0, -1).every((line) => !line.partial || line.text.length === LONGEST)).toBe(true);
        }
      }),
      { numRuns: 150 },
    );
  });

  test('that are not finished are known by their length, and end with the container', () => {
    const entries = new LogEntries();
    expect(entries.take('stdout', Buffer.from('a\nbc'), START)).toHaveLength(1);
    expect([entries.pending('stdout'), entries.pending('stderr')]).toEqual([2, 0]);
    expect(entries.take('stdout', Buffer.from(''), START)).toEqual([]);
    expect(entries.finish(START).map((entry) => parsed(entry).text.toString())).toEqual(['bc']);
    expect([entries.pending('stdout'), entries.finish(START)]).toEqual([0, []]);
  });
});

describe('a log that is read', () => {
  const line = fc.record({
    stream: fc.constantFrom<Stream>('stdout', 'stderr'),
    text: fc.string({ unit: fc.constantFrom('a', 'b', ' ', 'é'), maxLength: 5 }),
    after: fc.integer({ min: 0, max: 3 }),
  });
  const options = fc.record(
    {
      tailLines: fc.nat(8),
      since: fc.nat(10).map((seconds) => START + seconds * 1000),
      limitBytes: fc.integer({ min: 1, max: 60 }),
      stream: fc.constantFrom<Stream>('stdout', 'stderr'),
      timestamps: fc.boolean(),
    },
    { requiredKeys: [] },
  );

  test('is what was asked for of the lines that were written', async () => {
    let runs = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(line, { maxLength: 10 }), options, async (lines, asked) => {
        clock = new FakeClock(START);
        const path = join(directory, `${(runs += 1)}.log`);
        const writer = new ContainerLogWriter(context(), path);
        const told: { stream: Stream; time: number; text: string }[] = [];
        for (const { stream, text: one, after } of lines) {
          clock.step(after * 1000);
          writer.write(stream, `${one}\n`);
          told.push({ stream, time: clock.now(), text: one });
        }
        await writer.close();
        if (lines.length === 0) return;
        const { tailLines = told.length, since = 0, stream, timestamps, limitBytes } = asked;
        const kept = told
          .slice(Math.max(0, told.length - tailLines))
          .filter((one) => one.time >= since && (!stream || one.stream === stream));
        const stamp = (time: number) => (timestamps ? `${new Date(time).toISOString().slice(0, -1)}000000Z ` : '');
        const whole = Buffer.from(kept.map((one) => `${stamp(one.time)}${one.text}\n`).join(''));
        expect(await read(path, asked)).toBe(whole.subarray(0, limitBytes).toString('latin1'));
      }),
      { numRuns: 100 },
    );
  });

  test('leaves out what is no entry, wherever it stands', async () => {
    const path = join(directory, 'a.log');
    let runs = 0;
    const garbage = fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes));
    await fc.assert(
      fc.asyncProperty(garbage, garbage, async (before, after) => {
        const entry = `2026-01-01T00:00:00.000000000Z stdout F line ${(runs += 1)}\n`;
        const bytes = [before, Buffer.from('\n'), Buffer.from(entry), after, Buffer.from('\n')];
        await writeFile(path, Buffer.concat(bytes));
        expect(await read(path)).toContain(`line ${runs}\n`);
      }),
      { numRuns: 100 },
    );
  });

  test('tells the time of a long line once, at its beginning', async () => {
    const path = join(directory, 'a.log');
    const writer = new ContainerLogWriter(context(), path);
    writer.write('stdout', `${'x'.repeat(LONGEST * 2)}y\nend\n`);
    await writer.close();
    const shown = await read(path, { timestamps: true });
    expect(shown.match(/2026-01-01T/g)).toHaveLength(2);
    expect(shown.endsWith('xy\n2026-01-01T00:00:00.000000000Z end\n')).toBe(true);
  });

  test('that is not there is said not to be', async () => {
    await expect(read(join(directory, 'none.log'))).rejects.toMatchObject({ code: 'ENOENT' });
  });

  test('waits for the end of an entry that is half written', async () => {
    const path = join(directory, 'a.log');
    await writeFile(path, '2026-01-01T00:00:00.000000000Z stdout F one\n2026-01-01T00:00:00.000000000Z stdout F tw');
    let running = true;
    const seen: string[] = [];
    for await (const chunk of readContainerLog(path, { follow: true }, () => running, context().signal)) {
      seen.push(chunk.toString());
      running = seen.length < 2;
      if (running) await appendFile(path, 'o\n');
    }
    expect(seen).toEqual(['one\n', 'two\n']);
  });

  test('goes on in the new file when the old one was put aside, and misses nothing of either', async () => {
    const path = join(directory, 'a.log');
    const entry = (one: string) => `2026-01-01T00:00:00.000000000Z stdout F ${one}\n`;
    await writeFile(path, entry('one'));
    let running = true;
    const seen: string[] = [];
    for await (const chunk of readContainerLog(path, { follow: true }, () => running, context().signal)) {
      seen.push(chunk.toString().trim());
      if (seen.length === 1) {
        await appendFile(path, entry('two'));
        await rename(path, `${path}.1`);
        await writeFile(path, entry('three'));
      }
      running = seen.length < 3;
    }
    expect(seen).toEqual(['one', 'two', 'three']);
  });

  test('ends at once when nobody reads it any more', async () => {
    const path = join(directory, 'a.log');
    await writeFile(path, '2026-01-01T00:00:00.000000000Z stdout F one\n');
    const reader = new AbortController();
    const seen: string[] = [];
    for await (const chunk of readContainerLog(path, { follow: true }, () => true, reader.signal)) {
      seen.push(chunk.toString());
      reader.abort();
    }
    expect(seen).toEqual(['one\n']);
  });
});

describe('a log file', () => {
  test('keeps four of those it put aside, the newest', async () => {
    const path = join(directory, '0.log');
    const file = new LogFile(clock, path);
    const full = Buffer.alloc(10 * 1024 * 1024, 'x');
    for (let rotation = 0; rotation < 6; rotation += 1) {
      await file.append(full);
      clock.step(60_000);
    }
    await file.append(Buffer.from('now\n'));
    const names = (await readdir(directory)).sort();
    const minutes = ['03', '04', '05', '06'].map((minute) => `0.log.20260101T00${minute}00`);
    expect(names).toEqual(['0.log', ...minutes]);
    expect(await readFile(path, 'utf8')).toBe('now\n');
  });

  test('goes on behind what an earlier run wrote', async () => {
    const path = join(directory, 'deep', 'er', '0.log');
    await new LogFile(clock, path).append(Buffer.from('a\n'));
    await new LogFile(clock, path).append(Buffer.from('b\n'));
    expect(await readFile(path, 'utf8')).toBe('a\nb\n');
  });

  test('takes what waits in one piece, however many wrote', async () => {
    const path = join(directory, '0.log');
    const writer = new ContainerLogWriter(context(), path);
    for (let at = 0; at < 1_000; at += 1) writer.write(at % 2 === 0 ? 'stdout' : 'stderr', `${at}\n`);
    await writer.close();
    const numbers = (await read(path)).trim().split('\n').map(Number);
    expect(numbers).toEqual(Array.from({ length: 1_000 }, (_, at) => at));
  });
});
