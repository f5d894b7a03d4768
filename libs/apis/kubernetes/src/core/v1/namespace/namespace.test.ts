import { describe, expect, it } from 'vitest';
import { rehearseCreate, rehearseStatusUpdate, rehearseUpdate } from '@binnacle/apis-registry';
import type { Namespace } from '../index.js';
import { namespaces } from './definition.js';
import { validateNamespaceFinalizers } from './validation.js';

const draft = (fields: Partial<Namespace> = {}): Namespace => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name: 'team' },
  ...fields,
});
const texts = (errors: readonly { field: string; message: string }[]): string[] =>
  errors.map(({ field, message }) => `${field}: ${message}`);

describe('a Namespace', () => {
  const { object: old } = rehearseCreate(namespaces, draft({ status: { phase: 'Terminating' } }));

  it('is active, labelled with its name, and is emptied before it goes', () => {
    expect(old).toEqual({
      ...draft(),
      metadata: { name: 'team', labels: { 'kubernetes.io/metadata.name': 'team' } },
      spec: { finalizers: ['kubernetes'] },
      status: { phase: 'Active' },
    });
  });

  it('cannot be labelled with another name', () => {
    const next = draft({ metadata: { name: 'team', labels: { 'kubernetes.io/metadata.name': 'other', a: 'b' } } });
    expect(rehearseUpdate(namespaces, next, old).object.metadata.labels).toEqual({
      'kubernetes.io/metadata.name': 'team',
      a: 'b',
    });
  });

  it('keeps its finalizers and phase through an update', () => {
    const next = draft({ spec: { finalizers: [] }, status: { phase: 'Terminating' } });
    expect(rehearseUpdate(namespaces, next, old).object).toEqual(old);
  });

  it('has a name without dots', () => {
    const { errors } = rehearseCreate(namespaces, draft({ metadata: { name: 'a.b' } }));
    expect(texts(errors)).toEqual(['metadata.name: Invalid value: "a.b": must not contain dots']);
  });

  it('is terminating when it is deleted, and only then', () => {
    const deleted = { ...old, metadata: { ...old.metadata, deletionTimestamp: '2026-01-01T00:00:00Z' } };
    const terminating = (namespace: Namespace): Namespace => ({ ...namespace, status: { phase: 'Terminating' } });
    expect(rehearseStatusUpdate(namespaces, terminating(deleted), deleted).errors).toEqual([]);
    expect(texts(rehearseStatusUpdate(namespaces, terminating(old), old).errors)).toEqual([
      'status.Phase: Invalid value: "Terminating": may only be \'Active\' if `deletionTimestamp` is empty',
    ]);
    expect(texts(rehearseStatusUpdate(namespaces, old, deleted).errors)).toEqual([]);
  });

  it('is held by finalizers with a domain, or the one of Kubernetes', () => {
    const held = (...finalizers: string[]) => texts(validateNamespaceFinalizers(draft({ spec: { finalizers } })));
    expect(held('kubernetes', 'example.com/x')).toEqual([]);
    expect(held('mine')).toEqual([
      'spec.finalizers[0]: Invalid value: "mine": name is neither a standard finalizer name nor is it fully qualified',
    ]);
  });
});
