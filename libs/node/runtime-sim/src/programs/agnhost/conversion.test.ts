import { expect, test } from 'vitest';
import { answerConversion } from './conversion.js';

const review = (desiredAPIVersion: string, ...objects: object[]) =>
  JSON.stringify({
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'ConversionReview',
    request: { uid: 'u', desiredAPIVersion, objects },
  });
const [v1, v2] = ['stable.example.com/v1', 'stable.example.com/v2'];

test('an address is taken apart, and put together again', () => {
  expect(answerConversion(review(v2, { apiVersion: v1, hostPort: 'a:80' }, { apiVersion: v1 }))).toMatchObject({
    response: {
      uid: 'u',
      convertedObjects: [{ apiVersion: v2, host: 'a', port: '80' }, { apiVersion: v2 }],
      result: { status: 'Success' },
    },
  });
  expect(answerConversion(review(v1, { apiVersion: v2, host: 'a' }))).toMatchObject({
    response: { convertedObjects: [{ apiVersion: v1, hostPort: 'a:' }] },
  });
});

test.each<[string, string, object, string]>([
  ['to its own version', v1, { apiVersion: v1 }, 'conversion from a version to itself should not call the webhook'],
  ['of a broken address', v2, { apiVersion: v1, hostPort: 'a' }, 'invalid hostPort value `a`'],
  ['to an unknown version', 'x/v9', { apiVersion: v1 }, 'unexpected conversion version "x/v9"'],
])('a conversion %s is refused', (_, version, object, message) => {
  const answer = answerConversion(review(version, object)) as { response: { result: { message: string } } };
  expect(answer.response.result.message).toContain(message);
});

test('what is no review is none', () => {
  expect(() => answerConversion('{}')).toThrow('Unsupported group version kind');
  expect(() => answerConversion('x')).toThrow();
});
