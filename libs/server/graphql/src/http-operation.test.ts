import fc from 'fast-check';
import type { GraphQLError, GraphQLSchema } from 'graphql';
import { beforeAll, describe, expect, test } from 'vitest';
import { LIMITS } from './cost/limits.js';
import { readOperation } from './execution/read-operation.js';
import { operationText, readHttpOperation, refuseChangeByGet } from './http-operation.js';
import { buildGraphqlSchema } from './schema/build-schema.js';
import { startService } from './testing/service.js';

const JSON_TYPE = { 'content-type': 'application/json' };
const post = (body: unknown, headers: Record<string, string> = JSON_TYPE) =>
  readHttpOperation({
    method: 'post',
    headers,
    search: '',
    body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
  });
const get = (parameters: Record<string, string>, headers: Record<string, string> = { 'x-binnacle-csrf': '' }) =>
  readHttpOperation({ method: 'GET', headers, search: `?${new URLSearchParams(parameters)}`, body: Buffer.of() });

describe('an operation by HTTP', () => {
  test('is the same by POST and by GET', () => {
    const operation = fc.record(
      {
        query: fc.string({ minLength: 1 }),
        operationName: fc.string(),
        variables: fc.dictionary(fc.string(), fc.jsonValue()),
      },
      { requiredKeys: ['query'] },
    );
    fc.assert(
      fc.property(operation, ({ query, operationName, variables }) => {
        const parameters = {
          query,
          ...(operationName !== undefined && { operationName }),
          ...(variables && { variables: JSON.stringify(variables) }),
        };
        const sent = JSON.parse(JSON.stringify({ query, operationName, variables })) as { variables?: object };
        expect(post(sent)).toEqual({
          query,
          operationName: operationName || undefined,
          variables: sent.variables ?? {},
        });
        expect(get(parameters)).toEqual(post(sent));
      }),
    );
  });

  test.each<[string, () => unknown, number]>([
    ['another type', () => post({ query: '{a}' }, { 'content-type': 'text/plain' }), 415],
    ['no type', () => post({ query: '{a}' }, {}), 415],
    ['no object', () => post('[]'), 400],
    ['no JSON', () => post('{'), 400],
    ['an empty query', () => post({ query: '' }), 400],
    ['variables that are no JSON', () => get({ query: '{a}', variables: '{' }), 400],
    ['variables that are a list', () => get({ query: '{a}', variables: '[]' }), 400],
    ['no proof that no form sent it', () => get({ query: '{a}' }, {}), 400],
    ['another method', () => readHttpOperation({ method: 'PUT', headers: {}, search: '', body: Buffer.of() }), 405],
  ])('with %s is refused', (_, read, code) => {
    expect(read).toThrow(expect.objectContaining({ code }));
  });

  test('may say its type in any case, with a charset', () => {
    expect(post({ query: '{a}' }, { 'content-type': 'Application/JSON; charset=utf-8' }).query).toBe('{a}');
  });

  test.each(['x-binnacle-csrf', 'apollo-require-preflight', 'x-apollo-operation-name'])(
    'is believed by GET with %s',
    (name) => {
      expect(get({ query: '{a}' }, { [name]: '' }).query).toBe('{a}');
    },
  );

  test('that changes something comes by POST alone', () => {
    const by = (method: string) => ({ method, headers: {}, search: '', body: Buffer.of() });
    refuseChangeByGet(by('GET'), 'query');
    refuseChangeByGet(by('POST'), 'mutation');
    for (const type of ['mutation', 'subscription'])
      expect(() => refuseChangeByGet(by('get'), type)).toThrow(expect.objectContaining({ code: 405 }));
  });

  test('says nothing where it says null', () => {
    expect(operationText({ query: '{a}', operationName: null, variables: null })).toEqual({
      query: '{a}',
      variables: {},
    });
  });
});

describe('a document', () => {
  let schema: GraphQLSchema;
  beforeAll(async () => {
    schema = buildGraphqlSchema((await startService()).registry.builtin);
  });

  /** The codes that it is refused with. */
  function refusals(
    query: string,
    more: { operationName?: string; variables?: Record<string, unknown> } = {},
  ): unknown[] {
    try {
      readOperation(schema, { query, variables: {}, ...more });
      return [];
    } catch (error) {
      const all = error instanceof AggregateError ? (error.errors as GraphQLError[]) : [error as GraphQLError];
      return [...new Set(all.map(({ extensions }) => extensions.code))];
    }
  }

  test.each<[string, string, unknown[]]>([
    ['of one operation', '{ whoami }', []],
    ['of several, without a name', 'query A { whoami } query B { whoami }', ['OPERATION_RESOLUTION_FAILURE']],
    ['of none', 'fragment F on Query { whoami }', ['OPERATION_RESOLUTION_FAILURE']],
    ['that is none', 'whoami', ['GRAPHQL_PARSE_FAILED']],
    ['that is empty', '  ', ['GRAPHQL_PARSE_FAILED']],
    ['nested without end', '{a'.repeat(20_000), ['GRAPHQL_PARSE_FAILED']],
    ['of too many words', `{ ${'a '.repeat(10_001)} }`, ['GRAPHQL_PARSE_FAILED']],
    ['that is too long', `{ whoami } #${'x'.repeat(LIMITS.documentBytes)}`, ['RequestEntityTooLarge']],
    ['that is too long in bytes', `{ whoami } #${'é'.repeat(LIMITS.documentBytes / 2)}`, ['RequestEntityTooLarge']],
    ['with a part nobody knows', '{ whoami { a } pods(x: 1) { nope } }', ['GRAPHQL_VALIDATION_FAILED']],
    [
      'with an operation that is too deep, though another is asked for',
      `query A { whoami } query B { ${'a { '.repeat(20)} b ${'} '.repeat(20)} }`,
      ['RequestEntityTooLarge'],
    ],
    [
      'with a subscription of two fields',
      'subscription { a: pods { type } b: pods { type } }',
      ['GRAPHQL_VALIDATION_FAILED'],
    ],
    ['with a variable nobody declared', 'query A { pods(first: $n) { totalCount } }', ['GRAPHQL_VALIDATION_FAILED']],
  ])('%s', (_, query, codes) => {
    expect(
      refusals(query, query.includes('query A') && !query.includes('query B { whoami') ? { operationName: 'A' } : {}),
    ).toEqual(codes);
  });

  test('is read or refused, whatever it is, and never fails otherwise', () => {
    const word = fc.constantFrom(
      '{',
      '}',
      '(',
      ')',
      'query',
      'pods',
      'nodes',
      'metadata',
      '...',
      'on',
      'Pod',
      '$a',
      ':',
      '@skip',
      '"x"',
      '1',
      'fragment F',
      '[',
      ']',
      'null',
      '!',
      'mutation',
      'name',
    );
    fc.assert(
      fc.property(
        fc.array(word, { maxLength: 30 }),
        fc.dictionary(fc.constantFrom('a', 'b'), fc.jsonValue()),
        (words, variables) => {
          for (const code of refusals(words.join(' '), { variables }))
            expect([
              'GRAPHQL_PARSE_FAILED',
              'GRAPHQL_VALIDATION_FAILED',
              'OPERATION_RESOLUTION_FAILURE',
              'RequestEntityTooLarge',
            ]).toContain(code);
        },
      ),
      { numRuns: 500 },
    );
  });

  test('that names what is not there is told of it in few words', () => {
    const name = 'x'.repeat(1_000);
    expect(() => readOperation(schema, { query: 'query A { whoami }', operationName: name, variables: {} })).toThrow(
      `Unknown operation named "${'x'.repeat(100)}".`,
    );
  });
});
