import type { KubeObject } from '@binnacle/machinery-meta';
import { describe, expect, it } from 'vitest';
import { rehearseCreate, rehearseStatusUpdate, rehearseUpdate } from './rehearsal.js';
import { resources } from './resources.js';

const meta = { name: 'x', namespace: 'ns' };
const template = { metadata: { labels: { app: 'x' } }, spec: { containers: [{ name: 'c', image: 'nginx' }] } };
const selector = { matchLabels: { app: 'x' } };

/** The least a client must write of each kind. */
const MINIMAL: Record<string, Record<string, unknown>> = {
  configmaps: { data: { key: 'value' } },
  endpoints: { subsets: [{ addresses: [{ ip: '127.0.0.11' }], ports: [{ port: 80 }] }] },
  'events.events.k8s.io': {
    eventTime: '2026-01-01T00:00:00.000000Z',
    regarding: { kind: 'Pod', namespace: 'ns', name: 'x' },
    reportingController: 'example.com/c',
    reportingInstance: 'c-1',
    action: 'Testing',
    reason: 'Tested',
    type: 'Normal',
  },
  events: { involvedObject: { kind: 'Pod', namespace: 'ns', name: 'x' }, reason: 'Tested', type: 'Normal' },
  limitranges: { spec: { limits: [{ type: 'Container', max: { cpu: 1 } }] } },
  namespaces: {},
  nodes: {},
  pods: { spec: template.spec },
  podtemplates: { template },
  replicationcontrollers: { spec: { template } },
  resourcequotas: { spec: { hard: { pods: '10', 'requests.cpu': '0.5' } } },
  secrets: { stringData: { password: 'x' } },
  serviceaccounts: {},
  services: { spec: { ports: [{ port: 80 }] } },
  'controllerrevisions.apps': { data: {}, revision: 1 },
  'deployments.apps': { spec: { selector, template } },
  'replicasets.apps': { spec: { selector, template } },
  'poddisruptionbudgets.policy': { spec: { minAvailable: 1, selector } },
  'priorityclasses.scheduling.k8s.io': { value: 10 },
  'leases.coordination.k8s.io': { spec: { holderIdentity: 'x', leaseDurationSeconds: 15 } },
  'endpointslices.discovery.k8s.io': {
    addressType: 'IPv4',
    endpoints: [{ addresses: ['10.244.0.1'] }],
    ports: [{ port: 80 }],
  },
};

const cases = resources.map((definition) => {
  const { names, group, version, namespaced } = definition;
  const id = group ? `${names.plural}.${group}` : names.plural;
  const metadata = namespaced ? { ...meta } : { name: meta.name };
  const object: KubeObject = {
    apiVersion: group ? `${group}/${version}` : version,
    kind: names.kind,
    metadata,
    ...MINIMAL[id],
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
    const unnamed = rehearseCreate(definition, { ...object, metadata: { ...object.metadata, name: 'Not_A Name' } });
    // Core events have always been let through, whatever their name.
    if (definition.names.plural === 'events' && definition.group === '') return;
    expect(unnamed.errors.map(({ field }) => field)).toContain('metadata.name');
  });
});
