import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { logOptions } from './container-logs.js';
import { HttpError } from './http-error.js';
import { subresourcesOf } from './kubelet-endpoint.js';

const NOW = Date.UTC(2026, 0, 1);
const options = (query: string) => logOptions(new URLSearchParams(query), NOW);

describe('a request for a log', () => {
  test.each<[string, object]>([
    ['', {}],
    ['follow=true&timestamps=1', { follow: true, timestamps: true }],
    ['follow=yes', { follow: false }],
    ['tailLines=0', { tailLines: 0 }],
    ['tailLines=10&limitBytes=5', { tailLines: 10, limitBytes: 5 }],
    ['sinceSeconds=60', { since: NOW - 60_000 }],
    ['sinceTime=2025-12-31T23:00:00Z', { since: NOW - 3_600_000 }],
    ['sinceSeconds=1&sinceTime=2025-12-31T23:00:00Z', { since: NOW - 1_000 }],
    ['stream=Stdout', { stream: 'stdout' }],
    ['stream=All', {}],
    ['stream=', {}],
  ])('%s', (query, expected) => {
    const none = { follow: false, timestamps: false, tailLines: undefined, limitBytes: undefined, since: undefined };
    expect(options(query)).toEqual({ ...none, ...expected });
  });

  test.each<[string, string]>([
    ['tailLines=-1', 'invalid tailLines "-1"'],
    ['tailLines=1.5', 'invalid tailLines "1.5"'],
    ['tailLines=', 'invalid tailLines ""'],
    ['limitBytes=9007199254740992', 'invalid limitBytes "9007199254740992"'],
    ['sinceSeconds=1e3', 'invalid sinceSeconds "1e3"'],
    ['sinceTime=yesterday', 'invalid sinceTime "yesterday"'],
    ['sinceTime=2026-02-30T00:00:00Z', 'invalid sinceTime "2026-02-30T00:00:00Z"'],
  ])('%s is refused', (query, message) => {
    expect(() => options(query)).toThrow(expect.objectContaining({ status: 400, message }));
  });

  test('is read or refused, whatever it says', () => {
    const name = fc.constantFrom(
      'follow',
      'tailLines',
      'limitBytes',
      'sinceSeconds',
      'sinceTime',
      'stream',
      'previous',
    );
    const value = fc.oneof(
      fc.string({ unit: fc.constantFrom(...'0123456789-:TZ.e ') }),
      fc.constantFrom('true', '1', 'stdout'),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(name, value)), (pairs) => {
        try {
          const { tailLines = 0, limitBytes = 0, since = 0 } = logOptions(new URLSearchParams(pairs), NOW);
          expect([tailLines, limitBytes, since].every(Number.isSafeInteger)).toBe(true);
        } catch (error) {
          expect(error).toBeInstanceOf(HttpError);
        }
      }),
      { numRuns: 500 },
    );
  });
});

test.each<[string, readonly string[]]>([
  ['/stats', ['stats']],
  ['/stats/summary', ['stats']],
  ['/statsx', ['proxy']],
  ['/metrics/cadvisor', ['metrics']],
  ['/logs/', ['log']],
  ['/pods', ['pods', 'proxy']],
  ['/runningpods/', ['pods', 'proxy']],
  ['/healthz/ping', ['healthz', 'proxy']],
  ['/configz', ['configz', 'proxy']],
  ['/containerLogs/ns/p/c', ['proxy']],
  ['/exec/ns/p/c', ['proxy']],
  ['/', ['proxy']],
])('%s is about %j of the Node', (path, subresources) => expect(subresourcesOf(path)).toEqual(subresources));
