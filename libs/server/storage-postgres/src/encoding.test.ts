import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BackupError, BackupWriter, readLines } from './backup/format.js';
import { parseDatabaseUrl } from './database-url.js';
import { decodeActor, decodeKey, encodeActor, encodeKey } from './encoding.js';

const CONTROL = /[\u0000-\u001f]/;
const name = fc.string({ unit: 'grapheme' }).filter((text) => !CONTROL.test(text));

describe('encodings', () => {
  it('give back the keys and actors they were given', () => {
    fc.assert(
      fc.property(name, name, name, name, (cluster, resource, namespace, text) => {
        const key = { cluster, resource, namespace, name: text };
        expect(decodeKey(cluster, encodeKey(key))).toEqual(key);
        const actor = { user: namespace, client: text };
        expect(decodeActor(encodeActor(actor))).toEqual(actor);
        const called = { ...actor, requestId: `${cluster}1` };
        expect(decodeActor(encodeActor(called))).toEqual(called);
        const groups = [`${resource}1`, `${cluster}2`];
        for (const one of [actor, called])
          expect(decodeActor(encodeActor({ ...one, groups }))).toEqual({ ...one, groups });
      }),
    );
  });

  it('keep what clients say of themselves storable', () => {
    expect(decodeActor(encodeActor({ user: 'a\u0000b', client: 'c\u001fd\n' }))).toEqual({
      user: 'a b',
      client: 'c d ',
    });
  });

  it('keep so many groups, and so much of them', () => {
    const kept = (groups: string[]) => decodeActor(encodeActor({ user: 'u', client: 'c', groups })).groups;
    expect(kept(Array.from({ length: 100 }, (_, at) => `g${at}`))).toHaveLength(32);
    expect(kept(['a'.repeat(1000), 'b'.repeat(100)])).toEqual(['a'.repeat(1000)]);
    expect(kept(['a\u001eb', 'c\u001f'])).toEqual(['a b', 'c ']);
    expect(kept([])).toBeUndefined();
  });

  it('refuse or read any database URL, and never fail otherwise', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.webUrl(),
          fc.string().map((text) => `postgres://${text}`),
        ),
        (text) => {
          try {
            expect(parseDatabaseUrl(text).hosts.length).toBeGreaterThan(0);
          } catch (error) {
            expect((error as Error).message).toMatch(/postgres:\/\/|malformed/i);
          }
        },
      ),
    );
  });
});

describe('a backup', () => {
  const whole = () => {
    const writer = new BackupWriter();
    const header = { format: 'binnacle-backup', version: 1, time: 0 } as const;
    const cluster = { cluster: 'c', revision: 1, oldest: 0, createdAt: 0, keepSeconds: null, keepBytes: null };
    const bytes = writer.write([header, cluster, [true, 1, null, 0, 1, 'k', 'a', '{}', '{"metadata":{"name":"ü"}}']]);
    return Buffer.concat([bytes, writer.end()]);
  };
  const read = async (bytes: Buffer, size: number) => {
    const pieces = async function* () {
      for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
    };
    const lines: unknown[] = [];
    for await (const line of readLines(pieces())) lines.push(line);
    return lines;
  };

  it('is read the same however it is cut', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 400 }), async (size) => {
        expect(await read(whole(), size)).toHaveLength(3);
      }),
    );
  });

  it('is refused when any byte of it is another', async () => {
    const bytes = whole();
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length - 2), fc.integer({ min: 1, max: 255 }), async (at, by) => {
        const damaged = Buffer.from(bytes);
        damaged[at] = ((damaged[at] ?? 0) + by) % 256;
        await expect(read(damaged, 64)).rejects.toThrow(BackupError);
      }),
      { numRuns: 300 },
    );
  });
});
