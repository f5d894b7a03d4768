import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FakeClock, silentLogger } from '@binnacle/machinery-context';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  ContainerLogWriter,
  formatLogLine,
  LogFile,
  type LogOptions,
  parseLogLine,
  readContainerLog,
} from './index.js';

let directory = '';
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'binnacle-log-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const clock = new FakeClock(Date.UTC(2026, 0, 1));
const ctx = { signal: new AbortController().signal, clock, logger: silentLogger };
const path = () => join(directory, 'web', '0.log');

async function read(options: LogOptions, following = () => false): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of readContainerLog(path(), options, following, ctx.signal)) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

describe('the log format', () => {
  test('an entry reads back as it was written', () => {
    fc.assert(
      fc.property(
        fc.boolean(),
        fc.constantFrom('stdout' as const, 'stderr' as const),
        fc.string(),
        (partial, stream, text) => {
          const line = formatLogLine(clock.now(), stream, partial, Buffer.from(text));
          expect(parseLogLine(line.subarray(0, -1))).toMatchObject({
            partial,
            stream,
            time: clock.now(),
            text: Buffer.from(text),
          });
        },
      ),
    );
  });

  test('no bytes at all make the parser throw', () => {
    fc.assert(fc.property(fc.uint8Array(), (bytes) => void parseLogLine(Buffer.from(bytes))));
  });
});

describe('a container log', () => {
  test('lines are written whole, whatever the chunks were', async () => {
    const writer = new ContainerLogWriter(ctx, path());
    for (const chunk of ['he', 'llo\nwor', 'ld\n', 'rest']) writer.write('stdout', chunk);
    await writer.close();
    expect(await readFile(path(), 'utf8')).toBe(
      ['F hello', 'F world', 'P rest'].map((text) => `2026-01-01T00:00:00.000000000Z stdout ${text}\n`).join(''),
    );
    // A line that its container never ended is read without an end.
    expect(await read({})).toBe('hello\nworld\nrest');
  });

  test('a long line is split in parts and read as one', async () => {
    const long = 'x'.repeat(40_000);
    const writer = new ContainerLogWriter(ctx, path());
    writer.write('stdout', `${long}\nend\n`);
    await writer.close();
    expect((await readFile(path(), 'utf8')).match(/ stdout P /g)).toHaveLength(2);
    expect(await read({})).toBe(`${long}\nend\n`);
  });

  test.each([
    ['all of it', {}, 'a\nb\nc\n'],
    ['the last lines', { tailLines: 2 }, 'b\nc\n'],
    ['none of it', { tailLines: 0 }, ''],
    ['more lines than there are', { tailLines: 9 }, 'a\nb\nc\n'],
    ['so many bytes', { limitBytes: 3 }, 'a\nb'],
    ['what is newer', { since: clock.now() + 2000 }, 'c\n'],
    ['with times', { timestamps: true, tailLines: 1 }, '2026-01-01T00:00:02.000000000Z c\n'],
  ])('%s', async (_, options, expected) => {
    const own = new FakeClock(Date.UTC(2026, 0, 1));
    const writer = new ContainerLogWriter({ ...ctx, clock: own }, path());
    for (const line of ['a', 'b', 'c']) {
      writer.write('stdout', `${line}\n`);
      own.step(1000);
    }
    await writer.close();
    expect(await read(options)).toBe(expected);
  });

  test('is rotated when it has grown large, and follows on in the new file', async () => {
    const writer = new ContainerLogWriter(ctx, path());
    const line = `${'x'.repeat(16_000)}\n`;
    for (let part = 0; part < 4; part += 1) {
      for (let index = 0; index < 200; index += 1) writer.write('stdout', line);
      await writer.close();
    }
    writer.write('stdout', 'newest\n');
    await writer.close();
    const files = await readdir(join(directory, 'web'));
    expect(files.sort()).toEqual(['0.log', expect.stringMatching(/^0\.log\.20260101T000000$/)]);
    expect(await read({})).toBe('newest\n');
  });

  test('following sees what is written later and ends with the container', async () => {
    const writer = new ContainerLogWriter(ctx, path());
    writer.write('stdout', 'before\n');
    await writer.close();
    let running = true;
    const seen: string[] = [];
    for await (const chunk of readContainerLog(path(), { follow: true }, () => running, ctx.signal)) {
      seen.push(chunk.toString());
      if (seen.length === 1) writer.write('stdout', 'after\n');
      else running = false;
    }
    expect(seen).toEqual(['before\n', 'after\n']);
  });
});

describe('a disk that is full', () => {
  test('makes a log file refuse the entries, and a writer lose them', async () => {
    await expect(new LogFile(clock, '/dev/full').append(Buffer.from('entry\n'))).rejects.toMatchObject({
      code: 'ENOSPC',
    });
    const writer = new ContainerLogWriter(ctx, '/dev/full');
    writer.write('stdout', 'lost\n');
    await writer.close();
  });
});
