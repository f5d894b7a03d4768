import { fieldPath } from '@binnacle/machinery-validation';
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { ANNOTATION_LINK, LinkError, parseLink, PERFECT_LINK, validateLink } from './index.js';

describe('the text of a link', () => {
  it('is read by the words that it says', () => {
    expect(parseLink('delay=40ms jitter=10ms loss=1% rate=10mbit seed=7')).toEqual({
      ...{ delay: 40, jitter: 10, loss: 0.01, rate: 1e7, seed: '7' },
    });
    expect(parseLink('loss=0.5%,delay=1.5s')).toEqual({ ...PERFECT_LINK, loss: 0.005, delay: 1500 });
    expect(parseLink('')).toEqual(PERFECT_LINK);
  });

  it.each([
    ['delay=40', 'delay must be a time up to 60s, like 40ms or 1.5s'],
    ['delay=61s', 'delay must be a time up to 60s, like 40ms or 1.5s'],
    ['delay=-1ms', 'delay must be a time up to 60s, like 40ms or 1.5s'],
    ['loss=101%', 'loss must be a percentage, like 2% or 0.5%'],
    ['loss=1', 'loss must be a percentage, like 2% or 0.5%'],
    ['rate=1bit', 'rate must be a rate from 1kbit up, like 10mbit'],
    ['rate=2000gbit', 'rate must be a rate from 1kbit up, like 10mbit'],
    ['seed=a b', '"b" is none of delay, jitter, loss, rate, seed'],
    ['seed=', 'seed must be up to 32 letters, digits, dots, dashes and underscores'],
    ['constructor=1', '"constructor" is none of delay, jitter, loss, rate, seed'],
    ['delay=1ms delay=2ms', 'must say each word once'],
    ['delay=1ms jitter=2ms', 'jitter must be at most the delay'],
    [' '.repeat(257), 'must have at most 256 characters'],
  ])('is refused where it is %j', (text, message) => {
    expect(() => parseLink(text)).toThrow(new LinkError(message));
  });

  it('is a link within bounds or refused, whatever it is', () => {
    const word = fc.oneof(
      fc.string(),
      fc
        .tuple(
          fc.constantFrom('delay', 'jitter', 'loss', 'rate', 'seed'),
          fc.integer(),
          fc.constantFrom('ms', 's', '%', 'kbit'),
        )
        .map(([name, amount, unit]) => `${name}=${amount}${unit}`),
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 6 }), (words) => {
        try {
          const { delay, jitter, loss, rate } = parseLink(words.join(' '));
          expect(delay >= jitter && jitter >= 0 && delay <= 60_000 && loss >= 0 && loss <= 1 && rate > 0).toBe(true);
        } catch (error) {
          expect(error).toBeInstanceOf(LinkError);
        }
      }),
    );
  });
});

test('annotations are judged at their key', () => {
  const path = fieldPath('metadata', 'annotations');
  expect(validateLink(undefined, path)).toEqual([]);
  expect(validateLink({ [ANNOTATION_LINK]: 'delay=1ms' }, path)).toEqual([]);
  expect(validateLink({ [ANNOTATION_LINK]: 'fast' }, path)).toMatchObject([
    { field: `metadata.annotations[${ANNOTATION_LINK}]` },
  ]);
});
