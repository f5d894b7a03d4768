import { StorageError } from '@binnacle/server-storage';
import fc from 'fast-check';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { startService, type TestService } from './testing/service.js';

let bench: TestService;
beforeEach(async () => {
  bench = await startService();
});

const make = (name: string, data: Record<string, string> = {}, labels = {}) =>
  bench.make('v1/configmaps', { metadata: { name, labels }, data });

interface Page {
  readonly nodes: readonly { readonly metadata: { readonly name: string } }[];
  readonly totalCount: number;
  readonly resourceVersion: string;
  readonly endCursor: string | null;
  readonly hasNextPage: boolean;
}
const FIELDS = '{ nodes { metadata { name } } totalCount resourceVersion endCursor hasNextPage }';

async function read(args: string, variables: object = {}): Promise<Page> {
  const declared = '($after: String)';
  const { data, errors } = await bench.ask(
    `query ${declared} { configMaps(after: $after${args && `, ${args}`}) ${FIELDS} }`,
    variables,
  );
  expect(errors).toBeUndefined();
  return (data as { configMaps: Page }).configMaps;
}
const names = ({ nodes }: Page): string[] => nodes.map(({ metadata }) => metadata.name);

describe('pages', () => {
  test('come to the list as it was at the first of them, however they are cut and whatever is written meanwhile', async () => {
    for (const [at, name] of ['e', 'b', 'a', 'd', 'c'].entries())
      await make(name, { n: String(at % 2) }, { app: at < 3 ? 'x' : 'y' });
    const list = fc.constantFrom(
      '',
      'labelSelector: "app=x"',
      'filter: { path: "data.n", equals: "0" }',
      'sort: [{ path: "data.n", direction: DESC }]',
      'sort: [{ path: "metadata.name", direction: DESC }], filter: { not: { path: "metadata.name", in: ["b"] } }',
    );
    let writes = 0;
    await fc.assert(
      fc.asyncProperty(list, fc.integer({ min: 1, max: 4 }), async (args, first) => {
        const whole = await read(args);
        const seen: string[] = [];
        let page = await read(`${args}${args && ', '}first: ${first}`);
        for (;;) {
          expect(page.totalCount).toBe(whole.totalCount);
          expect(page.resourceVersion).toBe(whole.resourceVersion);
          seen.push(...names(page));
          if (!page.hasNextPage) break;
          expect(names(page)).toHaveLength(first);
          writes += 1;
          await make(`w${writes}`, { n: '0' }, { app: 'x' });
          page = await read(`${args}${args && ', '}first: ${first}`, { after: page.endCursor });
        }
        expect(seen).toEqual(names(whole));
        // So that the next list is not that of all that was written for this one.
        for (const name of names(await read('filter: { path: "metadata.name", like: "w*" }')))
          await bench.ask(`mutation { delete(apiVersion: "v1", kind: "ConfigMap", name: "${name}") }`);
      }),
      { numRuns: 12 },
    );
  });

  test('of none have no cursor, and one beyond the end keeps it', async () => {
    expect(await read('')).toMatchObject({ nodes: [], totalCount: 0, endCursor: null, hasNextPage: false });
    await make('a');
    const { endCursor } = await read('');
    expect(await read('', { after: endCursor })).toMatchObject({
      nodes: [],
      totalCount: 1,
      endCursor,
      hasNextPage: false,
    });
    expect(await read('first: 0')).toMatchObject({ nodes: [], totalCount: 1, hasNextPage: true });
  });

  test('are a hundred long unless it is said, and a thousand at most', async () => {
    for (let at = 0; at < 101; at += 1) await make(`n${at}`);
    expect(names(await read(''))).toHaveLength(100);
    expect(names(await read('first: 1000'))).toHaveLength(101);
    const { errors } = await bench.ask('{ configMaps(first: 1001) { totalCount } }');
    expect(errors).toMatchObject([{ message: 'first must be from 0 to 1000, not 1001', path: ['configMaps'] }]);
  });

  test.each([
    ['after: "bm90aGluZw"', 'invalid cursor "bm90aGluZw"; use the endCursor of the page before'],
    [`after: "${Buffer.from('1:-1').toString('base64url')}"`, 'invalid cursor'],
    ['resourceVersion: "0x1"', 'invalid resourceVersion "0x1"'],
    ['resourceVersion: "0"', 'invalid resourceVersion "0"'],
    ['first: -1', 'first must be from 0 to 1000'],
    [`labelSelector: "${'a'.repeat(4097)}"`, 'the labelSelector is longer than 4096 characters'],
  ])('by %s are refused', async (args, message) => {
    const { errors } = await bench.ask(`{ configMaps(${args}) { totalCount } }`);
    expect(errors).toMatchObject([
      { message: expect.stringContaining(message) as string, extensions: { code: 'BadRequest' } },
    ]);
  });

  test('of a past that is gone or has not been say so', async () => {
    for (const name of ['a', 'b', 'c']) await make(name);
    await bench.storage.compact(bench.ctx, 'main', 2);
    const codeAt = async (revision: number) =>
      (await bench.ask(`{ configMaps(resourceVersion: "${revision}") { totalCount } }`)).errors?.[0]?.extensions.code;
    expect([await codeAt(1), await codeAt(2), await codeAt(99)]).toEqual(['Expired', undefined, 'Timeout']);
  });
});

describe('the store', () => {
  test('that fails is told as the API tells it, at the field, and the rest is answered', async () => {
    await make('a');
    vi.spyOn(bench.storage, 'list').mockRejectedValue(new StorageError('unavailable', 'the database does not answer'));
    const { data, errors } = await bench.ask('{ whoami broken: configMaps { totalCount } }');
    expect(data).toEqual({ whoami: 'system:apiserver', broken: null });
    expect(errors).toMatchObject([{ path: ['broken'], extensions: { code: 'ServiceUnavailable' } }]);
  });
});

describe('selections', () => {
  test.each<[string, string[]]>([
    ['labelSelector: "app in (x, y), tier!=db"', ['a', 'b']],
    ['labelSelector: "!app"', ['d']],
    ['fieldSelector: "metadata.name=c"', ['c']],
    ['fieldSelector: "metadata.name!=c", labelSelector: "app"', ['a', 'b']],
    ['namespace: "elsewhere"', []],
    ['filter: { path: "metadata.labels[\'app\']", exists: false }', ['d']],
    ['filter: { or: [{ path: "data.k", like: "1*" }, { path: "metadata.name", equals: "d" }] }', ['a', 'd']],
    ['filter: {}', ['a', 'b', 'c', 'd']],
  ])('by %s are %j', async (args, expected) => {
    await make('a', { k: '10' }, { app: 'x' });
    await make('b', { k: '2' }, { app: 'y', tier: 'web' });
    await make('c', {}, { app: 'x', tier: 'db' });
    await make('d');
    expect(names(await read(args))).toEqual(expected);
  });
});
