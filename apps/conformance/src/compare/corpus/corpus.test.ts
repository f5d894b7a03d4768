import { builtinResources } from '@binnacle/apis-kubernetes/kinds';
import { rehearseCreate } from '@binnacle/apis-registry';
import type { UnstructuredObject } from '@binnacle/machinery-meta';
import { expect, it } from 'vitest';
import { corpusOf } from './index.js';
import { comparedKind } from './kind.js';

const options = { seed: 7, mutations: 12 };
const corpus = corpusOf(builtinResources.all, options);
const kinds = builtinResources.all.flatMap((definition) => comparedKind(definition) ?? []);

it('holds at least three thousand requests', () => {
  expect(corpus.length).toBeGreaterThan(3_000);
});

it('is the same for the same seed', () => {
  const textOf = (seed: number) => JSON.stringify(corpusOf(builtinResources.all, { ...options, seed }));
  expect(textOf(7) === JSON.stringify(corpus)).toBe(true);
  expect(textOf(8) === JSON.stringify(corpus)).toBe(false);
});

it('asks about every kind that a client can make', () => {
  const creatable = builtinResources.all.filter(({ verbs }) => verbs.includes('create'));
  expect(kinds).toHaveLength(creatable.length);
});

it.each(kinds.map((kind) => [kind.resource, kind] as const))('begins with a valid object of %s', (_resource, kind) => {
  const { errors } = rehearseCreate(kind.definition, kind.draft('made') as unknown as UnstructuredObject);
  // Addresses and uids are given by what a rehearsal has not.
  expect(errors.filter(({ field }) => !/clusterIP|uid/.test(field))).toEqual([]);
});
