import { appendFileSync, existsSync, mkdirSync, readFileSync, truncateSync, writeFileSync, writeSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLogger } from '@binnacle/machinery-context';
import { parseLogLine } from '@binnacle/node-cri';
import { systemClock } from '@binnacle/process-lifecycle';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ContainerOutput } from './container-output.js';
import { LONGEST_BACKLOG, OutputFile } from './output-file.js';

let root = '';
let runs = 0;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'binnacle-raw-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));
const fresh = (): string => join(root, `${(runs += 1)}.raw`);

const bytes = fc.uint8Array({ minLength: 1, maxLength: 40 }).map((one) => Buffer.from(one));
type Deed =
  | { readonly what: 'write'; readonly bytes: Buffer }
  | { readonly what: 'read' | 'restart' }
  | { readonly what: 'keep'; readonly pending: number };
const deed: fc.Arbitrary<Deed> = fc.oneof(
  bytes.map((one) => ({ what: 'write' as const, bytes: one })),
  fc.constantFrom({ what: 'read' as const }, { what: 'restart' as const }),
  fc.nat(10).map((pending) => ({ what: 'keep' as const, pending })),
);

describe('what a process wrote', () => {
  test('is read once and in order, and by the next run from where it was safe', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(deed, { maxLength: 25 }), async (deeds) => {
        const path = fresh();
        let file = new OutputFile(path);
        let written = Buffer.of();
        let [read, safe] = [0, 0];
        for (const one of deeds) {
          if (one.what === 'write') {
            file.withWriter((fd) => writeSync(fd, one.bytes));
            written = Buffer.concat([written, one.bytes]);
          } else if (one.what === 'read') {
            expect(file.end()).toBe(written.length);
            const chunk = Buffer.from(file.read());
            expect(chunk.equals(written.subarray(read))).toBe(true);
            read = written.length;
          } else if (one.what === 'keep') {
            const pending = Math.min(one.pending, read - safe);
            await file.keep(pending);
            safe = read - pending;
          } else {
            file.close();
            file = new OutputFile(path);
            read = safe;
          }
          expect(file.position).toBe(read);
        }
        file.close();
      }),
      { numRuns: 100 },
    );
  });

  test('is new where somebody cut it off', () => {
    const path = fresh();
    const file = new OutputFile(path);
    appendFileSync(path, 'before');
    file.read();
    truncateSync(path);
    appendFileSync(path, 'new');
    expect([file.end(), file.read().toString()]).toEqual([3, 'new']);
    file.close();
  });

  test.each(['', 'x', '-5', '99999999999999999999', 'NaN'])(
    'is read from the start or not at all where the mark says %j',
    (mark) => {
      const path = fresh();
      writeFileSync(path, 'all');
      writeFileSync(`${path}.at`, mark);
      const file = new OutputFile(path);
      const end = file.end();
      expect([end, file.position]).toEqual([3, 0]);
      expect(file.read().toString()).toBe('all');
      file.close();
    },
  );

  test('is given up beyond a limit, and what comes then is read', () => {
    const path = fresh();
    const file = new OutputFile(path);
    writeFileSync(path, Buffer.alloc(LONGEST_BACKLOG, 'x'));
    expect(file.giveUpBacklog()).toBe(0);
    appendFileSync(path, 'y');
    expect(file.giveUpBacklog()).toBe(LONGEST_BACKLOG + 1);
    appendFileSync(path, 'new');
    expect(file.read().toString()).toBe('new');
    file.close();
  });

  test('cannot be read where there is no place for it, which is said', () => {
    expect(() => new OutputFile(join(root, 'none', 'a.raw'))).toThrow('ENOENT');
    mkdirSync(join(root, 'b.raw.at'));
    expect(() => new OutputFile(join(root, 'b.raw'))).toThrow('EISDIR');
  });
});

describe('the log of a container', () => {
  const line = fc.string({ unit: fc.constantFrom('a', 'b', ' '), maxLength: 20 });
  const said = fc.array(
    fc.tuple(
      fc.constantFrom('stdout', 'stderr'),
      fc.array(line, { minLength: 1, maxLength: 3 }).map((lines) => `${lines.join('\n')}\n`),
    ),
    { maxLength: 8 },
  );

  /** What the log has of a stream. */
  const logged = (path: string, stream: string): string =>
    readFileSync(path, 'latin1')
      .split('\n')
      .slice(0, -1)
      .map((one) => parseLogLine(Buffer.from(one, 'latin1')))
      .filter((one) => one?.stream === stream)
      .map((one) => `${one?.text.toString()}${one?.partial ? '' : '\n'}`)
      .join('');

  const length = (path: string, stream: string): number => (existsSync(path) ? logged(path, stream).length : 0);
  const lengthOf = (all: readonly (readonly [string, string])[]): number => all.map(([, text]) => text).join('').length;

  test('has everything that was written in the end, by one run of the runtime or by several', async () => {
    await fc.assert(
      fc.asyncProperty(said, said, fc.boolean(), async (first, second, restarts) => {
        const directory = join(root, `c${(runs += 1)}`);
        mkdirSync(directory);
        const logPath = join(directory, '0.log');
        const open = () =>
          ContainerOutput.open({ signal: abort.signal, clock: systemClock, logger: silentLogger }, directory, logPath);
        let abort = new AbortController();
        let output = open();
        const write = (all: typeof first) =>
          output.withWriters((stdout, stderr) => {
            for (const [stream, text] of all) writeSync(stream === 'stdout' ? stdout : stderr, text);
          });
        write(first);
        if (restarts) {
          // The one before has copied what there was: two never live at a time.
          await expect.poll(() => length(logPath, 'stdout') + length(logPath, 'stderr')).toBe(lengthOf(first));
          for (let turns = 0; turns < 5; turns += 1) await new Promise((resolve) => setImmediate(resolve));
          abort.abort();
          abort = new AbortController();
          output = open();
        }
        write(second);
        await output.drain();
        abort.abort();
        const whole = [...first, ...second];
        if (whole.length === 0) return;
        for (const stream of ['stdout', 'stderr']) {
          const expected = whole
            .filter(([one]) => one === stream)
            .map(([, text]) => text)
            .join('');
          expect([stream, logged(logPath, stream)]).toEqual([stream, expected]);
        }
      }),
      { numRuns: 40 },
    );
  });
});
