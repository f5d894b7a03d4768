import type { KubeObject } from '@binnacle/machinery-meta';
import { describe, expect, it } from 'vitest';
import { rehearseCreate, rehearseStatusUpdate, rehearseUpdate } from '@binnacle/apis-registry';
import { resources } from './resources.js';

const meta = { name: 'x', namespace: 'ns', uid: 'u-1' };

const writable = resources.filter(({ verbs }) => verbs.includes('create'));
const cases = writable.map((definition) => {
  const { names, group, version, namespaced } = definition;
  const id = group ? `${names.plural}.${group}` : names.plural;
  const metadata = namespaced ? { ...meta } : { name: meta.name, uid: meta.uid };
  const object: KubeObject = {
    apiVersion: group ? `${group}/${version}` : version,
    kind: names.kind,
    metadata,
    ...definition.example,
  };
  return [id, definition, object] as const;
});

describe('the rules of every kind', () => {
  it.each(cases)('%s: the least a client must write is valid', (_id, definition, object) => {
    expect(rehearseCreate(definition, object).errors).toEqual([]);
  });

  it.each(cases)('%s: an update without a change changes nothing and is valid', (_id, definition, object) => {
    const { object: stored } = rehearseCreate(definition, object);
    const again = rehearseUpdate(definition, stored, stored);
    expect(again.errors).toEqual([]);
    expect(again.object).toStrictEqual(stored);
  });

  it.each(cases)('%s: applying the first manifest again changes nothing', (_id, definition, object) => {
    // The selector that a Job is given cannot be taken away again.
    if (definition.names.plural === 'jobs') return;
    const { object: stored } = rehearseCreate(definition, object);
    const { generation, labels } = stored.metadata;
    const metadata = { ...object.metadata, ...(generation && { generation }), ...(labels && { labels }) };
    const again = rehearseUpdate(definition, { ...object, metadata }, stored);
    expect(again.errors).toEqual([]);
    expect(again.object).toStrictEqual(stored);
  });

  it.each(cases)('%s: a status update without a change changes nothing and is valid', (_id, definition, object) => {
    if (!definition.subresources.some(({ name }) => name === 'status')) return;
    const { object: stored } = rehearseCreate(definition, object);
    const again = rehearseStatusUpdate(definition, stored, stored);
    expect(again.errors).toEqual([]);
    expect(again.object).toStrictEqual(stored);
  });

  it.each(cases)('%s: a name must be there and be a name', (_id, definition, object) => {
    const unnamed = rehearseCreate(definition, { ...object, metadata: { ...object.metadata, name: 'Not/A Name' } });
    // Core events have always been let through, whatever their name.
    if (definition.names.plural === 'events' && definition.group === '') return;
    expect(unnamed.errors.map(({ field }) => field)).toContain('metadata.name');
  });
});
