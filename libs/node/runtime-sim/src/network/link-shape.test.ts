import { expect, test } from 'vitest';
import { parseLink } from './link-shape.js';

const plain = { delay: 0, jitter: 0, loss: 0, rate: Number.POSITIVE_INFINITY, seed: 'ns/a' };

test.each([
  ['delay 80ms', { delay: 80 }],
  ['delay 80ms 10ms', { delay: 80, jitter: 10 }],
  ['delay 1.5s 500us', { delay: 1500, jitter: 0.5 }],
  [' loss 25%  rate 1mbit ', { loss: 0.25, rate: 125_000 }],
  ['rate 8kbit', { rate: 1000 }],
  ['delay 60s loss 100% rate 10gbit seed 7', { delay: 60_000, loss: 1, rate: 1.25e9, seed: '7' }],
])('%j is understood', (text, more) => {
  expect(parseLink(text, 'ns/a')).toEqual({ ...plain, ...more });
});

test.each([
  ['', 'known are'],
  ['delay', 'delay:'],
  ['delay 80', 'delay:'],
  ['delay -1ms', 'delay:'],
  ['delay 61s', 'delay:'],
  ['delay 1ms 2ms', 'delay:'],
  ['loss 101%', 'loss:'],
  ['loss 1', 'loss:'],
  ['rate 7kbit', 'rate:'],
  ['rate 1constructor', 'rate:'],
  ['seed', 'seed:'],
  ['constructor 1ms', 'known are'],
  ['corrupt 1%', 'known are'],
  ['delay 1ms '.repeat(100), 'longer than 256'],
])('%j is refused', (text, message) => {
  expect(() => parseLink(text, 'ns/a')).toThrow(message);
});
