import { openApiV3 } from '@binnacle/apis-schema';
import { describe, expect, it } from 'vitest';
import type { Change } from '../index.js';
import { changes } from './definition.js';
import { printer } from './printer.js';

const now = Date.parse('2026-11-29T12:00:00Z');

function change(spec: Partial<Change['spec']> = {}): Change {
  return {
    apiVersion: 'history.binnacle.dev/v1',
    kind: 'Change',
    metadata: { name: '42', namespace: 'default', creationTimestamp: '2026-11-29T11:55:00Z' },
    spec: {
      revision: 42,
      time: '2026-11-29T11:55:00.120Z',
      verb: 'update',
      group: 'apps',
      resource: 'deployments',
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      name: 'web',
      user: 'alice',
      userAgent: 'kubectl/v1.33.0 (linux/amd64) kubernetes/abc',
      fields: ['spec.replicas'],
      ...spec,
    },
  };
}

describe('a change', () => {
  it('is printed in one line', () => {
    const line = ['42', '5m', 'update', 'deployments.apps', 'web', 'alice', 'kubectl/v1.33.0', 'spec.replicas'];
    expect(printer.row(change(), now)).toEqual(line);
    expect(printer.row(change({ group: '', resource: 'pods' }), now)[3]).toBe('pods');
  });

  it('says how many more fields changed than there is room for', () => {
    const fields = Array.from({ length: 12 }, (_, at) => `f${at}`);
    expect(printer.row(change({ fields }), now).at(-1)).toBe('f0,f1,f2,f3,f4,f5,f6,f7,f8,f9 + 2 more...');
    expect(printer.row(change({ fields: ['a'], moreFields: 9 }), now).at(-1)).toBe('a + 9 more...');
  });

  it('is selected by what it says', () => {
    const selected = Object.fromEntries(
      Object.entries(changes.fields).map(([field, read]) => [field, read(change() as never)]),
    );
    expect(selected).toMatchObject({ 'spec.name': 'web', 'spec.user': 'alice', 'spec.namespace': '', since: '' });
  });

  it('is read and never written', () => {
    expect(changes.verbs).toEqual(['get', 'list', 'watch']);
  });

  it('is explained', async () => {
    const document = JSON.stringify(await openApiV3({ group: 'history.binnacle.dev', version: 'v1' }, [changes], 'v1'));
    for (const words of ['entry of a cluster', 'what an update changed', 'who made the change', 'create, update or'])
      expect(document.toLowerCase()).toContain(words);
  });
});
