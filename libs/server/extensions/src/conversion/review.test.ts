import type { UnstructuredObject } from '@binnacle/machinery-meta';
import { describe, expect, it } from 'vitest';
import { acceptObject, BadReview, makeReview, readReview } from './review.js';

const original = {
  apiVersion: 'example.com/v1',
  kind: 'Widget',
  metadata: { name: 'a', namespace: 'n', uid: 'u', resourceVersion: '7', labels: { old: '1' }, finalizers: ['f/x'] },
  spec: { size: 1 },
} as UnstructuredObject;
const V2 = 'example.com/v2';

describe('a question to a conversion webhook', () => {
  it('is asked in the first version that both understand', () => {
    const review = makeReview(['v7', 'v1beta1', 'v1'], [original], V2);
    expect(review.version).toBe('v1beta1');
    expect(JSON.parse(review.body)).toEqual({
      kind: 'ConversionReview',
      apiVersion: 'apiextensions.k8s.io/v1beta1',
      request: { uid: review.uid, desiredAPIVersion: V2, objects: [original] },
    });
    expect(makeReview(['v1'], [], V2).uid).not.toBe(makeReview(['v1'], [], V2).uid);
    expect(() => makeReview(['v7'], [], V2)).toThrow(new BadReview('no supported conversion review versions'));
  });
});

describe('the answer', () => {
  const review = { uid: 'u1', version: 'v1', body: '' };
  const answer = (response: object, envelope: object = {}) => ({
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'ConversionReview',
    response: { uid: 'u1', result: { status: 'Success' }, convertedObjects: [1, 2], ...response },
    ...envelope,
  });

  it('has the objects of a success, none where it says none', () => {
    expect(readReview(answer({}), review)).toEqual([1, 2]);
    expect(readReview(answer({ convertedObjects: null }), review)).toEqual([]);
  });

  it.each<[string, unknown, string]>([
    ['no object', 'hello', 'no response provided'],
    ['without a response', {}, 'no response provided'],
    [
      'of another kind',
      answer({}, { kind: 'Pod' }),
      'expected webhook response of apiextensions.k8s.io/v1, Kind=ConversionReview, got apiextensions.k8s.io/v1, Kind=Pod',
    ],
    ['to another question', answer({ uid: 'u2' }), 'expected response.uid="u1", got "u2"'],
    ['of a failure', answer({ result: { status: 'Failure', message: 'cannot' } }), 'cannot'],
    [
      'of a silent failure',
      answer({ result: { status: 'Failure' } }),
      "response.result.status was 'Failure', not 'Success'",
    ],
    ['without a result', answer({ result: null }), "response.result.status was '', not 'Success'"],
  ])('%s is none', (_name, given, message) => {
    expect(() => readReview(given, review)).toThrow(new BadReview(message));
  });

  it('in the older version need not say what it is', () => {
    const old = { response: { result: { status: 'Success' }, convertedObjects: [3] } };
    expect(readReview(old, { ...review, version: 'v1beta1' })).toEqual([3]);
  });

  it('cannot fill a log with the reason of a failure', () => {
    const long = answer({ result: { message: 'x'.repeat(50_000) } });
    expect(() => readReview(long, review)).toThrow(expect.objectContaining({ message: 'x'.repeat(1000) }));
  });
});

describe('a converted object', () => {
  const converted = (more: object = {}, metadata: object = {}) => ({
    apiVersion: V2,
    kind: 'Widget',
    metadata: { name: 'a', namespace: 'n', uid: 'u', ...metadata },
    spec: { size: '1' },
    ...more,
  });

  it('is taken, with nothing new in its metadata but labels and annotations', () => {
    const given = converted(
      {},
      { labels: { new: '2' }, annotations: { a: 'b' }, finalizers: [], resourceVersion: '9' },
    );
    expect(acceptObject(original, given, V2)).toEqual({
      apiVersion: V2,
      kind: 'Widget',
      metadata: {
        name: 'a',
        namespace: 'n',
        uid: 'u',
        resourceVersion: '7',
        finalizers: ['f/x'],
        labels: { new: '2' },
        annotations: { a: 'b' },
      },
      spec: { size: '1' },
    });
    expect(acceptObject(original, converted(), V2).metadata).not.toHaveProperty('labels');
  });

  it.each<[unknown, string]>([
    ['text', 'invalid type, expected an object'],
    [[], 'invalid type, expected an object'],
    [
      converted({ apiVersion: 'example.com/v1' }),
      'invalid groupVersion (expected example.com/v2, received example.com/v1)',
    ],
    [converted({ metadata: null }), 'missing metadata in converted object'],
    [converted({ kind: 'Gadget' }), 'must have the same kind: Widget != Gadget'],
    [converted({}, { name: 'b' }), 'must have the same name: a != b'],
    [converted({}, { namespace: undefined }), 'must have the same namespace: n != '],
    [converted({}, { uid: 'v' }), 'must have the same UID: u != v'],
    [converted({}, { labels: [] }), 'invalid metadata.labels in converted object'],
    [converted({}, { annotations: { a: 1 } }), 'metadata.annotations[a] must be a string in converted object'],
  ])('%j is refused: %s', (given, message) => {
    expect(() => acceptObject(original, given, V2)).toThrow(new BadReview(message));
  });
});
