import { FakeClock } from '@binnacle/machinery-context';
import type { ExecutionResult } from 'graphql';
import { beforeEach, describe, expect, test } from 'vitest';
import { OperationLife } from './operation-life.js';
import { type AnswerPieces, SubscriptionAnswers } from './subscription-answers.js';

const turn = () => new Promise((resolve) => setImmediate(resolve));

let client: AbortController;
let server: AbortController;
let life: OperationLife;
let left: number;
let returned: number;
let waiting: { tell(value: ExecutionResult | 'end' | Error): void }[];
let write: (result: ExecutionResult) => Promise<AnswerPieces>;
let answers: SubscriptionAnswers;

/** Changes that come as the test says. */
const source = {
  next: () =>
    new Promise<IteratorResult<ExecutionResult, void>>((resolve, reject) => {
      const tell = (value: ExecutionResult | 'end' | Error) => {
        if (value instanceof Error) reject(value);
        else resolve(value === 'end' ? { done: true, value: undefined } : { done: false, value });
      };
      waiting.push({ tell });
    }),
  return: async () => {
    returned += 1;
    return { done: true, value: undefined } as const;
  },
} as unknown as AsyncGenerator<ExecutionResult, void, void>;

beforeEach(() => {
  [client, server, left, returned, waiting] = [new AbortController(), new AbortController(), 0, 0, []];
  life = new OperationLife(client.signal, new FakeClock(), undefined);
  write = async (result) => [JSON.stringify(result)];
  const leave = () => void (left += 1);
  answers = new SubscriptionAnswers({ source, life, server: server.signal, write: (result) => write(result), leave });
});

const tell = (value: ExecutionResult | 'end' | Error) => waiting.shift()?.tell(value);
const told = { data: { n: 1 } };

describe('the answers of a subscription', () => {
  test('are those of its changes, one after another, until there are no more', async () => {
    const first = answers.next();
    tell(told);
    expect(await first).toEqual({ done: false, value: ['{"data":{"n":1}}'] });
    const last = answers.next();
    tell('end');
    expect(await last).toEqual({ done: true, value: undefined });
    expect(await answers.next()).toEqual({ done: true, value: undefined });
    expect([left, returned]).toEqual([1, 1]);
  });

  test.each<[string, () => void]>([
    ['whose source fails', () => tell(new Error('gone'))],
    ['that cannot be written', () => ((write = () => Promise.reject(new Error('gone'))), tell(told))],
    ['whose client has gone', () => client.abort(new Error('gone'))],
  ])('%s end with why, and give back what they held', async (_, fail) => {
    const next = answers.next();
    fail();
    await expect(next).rejects.toThrow('gone');
    expect([left, returned, life.signal.aborted]).toEqual([1, 1, true]);
    await answers.return();
    expect([left, returned]).toEqual([1, 1]);
  });

  test('end at once when nobody wants more, though nothing came', async () => {
    const next = answers.next();
    expect(await answers.return()).toEqual({ done: true, value: undefined });
    expect(await next).toEqual({ done: true, value: undefined });
    expect([left, returned, life.signal.aborted]).toEqual([1, 1, true]);
  });

  test('are not told to be complete when the server stops, so that the client comes back', async () => {
    let ended: unknown;
    void answers.next().then(
      (value) => (ended = value),
      (error: unknown) => (ended = error),
    );
    server.abort();
    client.abort(new Error('the server stops'));
    await turn();
    expect([ended, left]).toEqual([undefined, 0]);
    await answers.return();
    await turn();
    expect([ended, left]).toEqual([{ done: true, value: undefined }, 1]);
  });

  test('can be gone over', async () => {
    const seen: string[] = [];
    const reading = (async () => {
      for await (const pieces of answers) {
        seen.push(pieces.join(''));
        if (seen.length === 2) break;
      }
    })();
    for (let count = 0; count < 2; count += 1) {
      await turn();
      tell({ data: { n: count } });
    }
    await reading;
    expect([seen, left]).toEqual([['{"data":{"n":0}}', '{"data":{"n":1}}'], 1]);
  });
});
