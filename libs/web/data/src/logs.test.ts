import fc from 'fast-check';
import { afterEach, describe, expect, test, vi } from 'vitest';
import {
  fetchApiDocument,
  fetchSession,
  type LogOptions,
  LineSplitter,
  parseLogLine,
  readLog,
  signIn,
  signOut,
} from './index.js';

test('lines survive any cut of the stream', () => {
  fc.assert(
    fc.property(
      fc.array(fc.string().map((s) => s.replaceAll('\n', ''))),
      fc.infiniteStream(fc.nat(5)),
      (lines, cuts) => {
        const whole = lines.map((line) => `${line}\n`).join('');
        const splitter = new LineSplitter();
        const seen: string[] = [];
        let at = 0;
        while (at < whole.length) {
          const size = 1 + (cuts.next().value ?? 0);
          seen.push(...splitter.push(whole.slice(at, at + size)));
          at += size;
        }
        expect([...seen, ...splitter.end()]).toEqual(lines);
      },
    ),
  );
});

test.each([
  ['2026-01-02T03:04:05.678901Z hello  there', '2026-01-02T03:04:05.678901Z', 'hello  there'],
  ['2026-01-02T03:04:05+02:00 x', '2026-01-02T03:04:05+02:00', 'x'],
  ['2026-01-02T03:04:05Z', '2026-01-02T03:04:05Z', ''],
  ['2026-01-02T03:04:05Z  indented', '2026-01-02T03:04:05Z', ' indented'],
  ['2026-01-02 03:04:05 no stamp of ours', '', '2026-01-02 03:04:05 no stamp of ours'],
  ['no stamp', '', 'no stamp'],
  ['', '', ''],
])('of %j the stamp is told from the text', (line, time, text) => {
  expect(parseLogLine(line)).toEqual({ time, text });
});

afterEach(() => vi.unstubAllGlobals());
const POD = { cluster: 'main', group: '', version: 'v1', resource: 'pods', namespace: 'shop', name: 'web-1' };
const plain: LogOptions = { container: 'main', follow: false, previous: false };

/** What is asked for, and answered with these bytes in these pieces. */
function answers(...pieces: readonly (string | Uint8Array)[]): string[] {
  const asked: string[] = [];
  vi.stubGlobal('fetch', async (path: string) => {
    asked.push(path);
    const encode = (piece: string | Uint8Array) =>
      typeof piece === 'string' ? new TextEncoder().encode(piece) : piece;
    const body = new ReadableStream({
      start: (controller) => {
        for (const piece of pieces) controller.enqueue(encode(piece));
        controller.close();
      },
    });
    return new Response(body);
  });
  return asked;
}
async function lines(options: LogOptions = plain): Promise<string[]> {
  const all: string[] = [];
  for await (const some of readLog(POD, options, new AbortController().signal))
    all.push(...some.map(({ text }) => text));
  return all;
}

describe('a log is read', () => {
  test('line by line, whatever pieces it comes in, the last one without an end as well', async () => {
    answers('2026-01-01T00:00:00Z he', 'llo\n2026-01-01T00:00:01Z wor', 'ld\n', '2026-01-01T00:00:02Z end');
    expect(await lines()).toEqual(['hello', 'world', 'end']);
  });

  test('though a letter is cut in two', async () => {
    const bytes = new TextEncoder().encode('2026-01-01T00:00:00Z é\n');
    answers(bytes.slice(0, -2), bytes.slice(-2));
    expect(await lines()).toEqual(['é']);
  });

  test.each<[Partial<LogOptions>, string]>([
    [{}, 'container=main&timestamps=true'],
    [{ follow: true }, 'container=main&timestamps=true&follow=true'],
    [{ previous: true, tailLines: 0 }, 'container=main&timestamps=true&previous=true&tailLines=0'],
    [{ sinceTime: '2026-01-01T00:00:00Z' }, 'container=main&timestamps=true&sinceTime=2026-01-01T00%3A00%3A00Z'],
  ])('as it is asked for: %j', async (options, query) => {
    const asked = answers();
    await lines({ ...plain, ...options });
    expect(asked).toEqual([`/api/v1/namespaces/shop/pods/web-1/log?${query}`]);
  });

  test('or it is said why not', async () => {
    vi.stubGlobal('fetch', async () =>
      Response.json(
        { kind: 'Status', code: 400, reason: 'BadRequest', message: 'container is waiting' },
        { status: 400 },
      ),
    );
    await expect(lines()).rejects.toMatchObject({ reason: 'BadRequest', message: 'container is waiting' });
  });

  test('and an answer that breaks off in the middle is a fault, not an end', async () => {
    vi.stubGlobal('fetch', async () => {
      const body = new ReadableStream({
        start: (controller) => {
          controller.enqueue(new TextEncoder().encode('2026-01-01T00:00:00Z a\n'));
          setTimeout(() => controller.error(new TypeError('network error')));
        },
      });
      return new Response(body);
    });
    await expect(lines()).rejects.toBeInstanceOf(TypeError);
  });
});

describe('besides objects the server is asked', () => {
  const asked = (body: unknown = {}) => {
    const sent: string[] = [];
    vi.stubGlobal('fetch', async (path: string, init: RequestInit) => {
      sent.push(`${init.method} ${path} ${init.body ?? ''}`.trim());
      return Response.json(body);
    });
    return sent;
  };

  test.each([
    [{ group: 'apps', version: 'v1' }, 'lab', 'GET /clusters/lab/openapi/v3/apis/apps/v1'],
    [{ group: '', version: 'v1' }, 'main', 'GET /openapi/v3/api/v1'],
  ])('for the schema of %j in %s', async (version, cluster, request) => {
    const sent = asked();
    await fetchApiDocument(cluster, version);
    expect(sent).toEqual([request]);
  });

  test('who is there, and to let somebody in and out', async () => {
    const sent = asked({ user: 'ann', groups: [] });
    expect(await fetchSession()).toEqual({ user: 'ann', groups: [] });
    await signIn('ann', 'secret');
    await signOut();
    expect(sent).toEqual([
      'GET /auth/session',
      'POST /auth/login {"user":"ann","password":"secret"}',
      'POST /auth/logout {}',
    ]);
  });
});
