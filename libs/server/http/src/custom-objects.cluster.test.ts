import { CustomKinds, exampleDefinition, startTestApiServer, type TestApiServer } from '@binnacle/testing-cluster';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

let server: TestApiServer;
let kinds: CustomKinds;
beforeAll(async () => {
  server = await startTestApiServer({ storage: 'memory' });
  kinds = new CustomKinds(server.raw);
});
afterAll(() => server.close());

const pathOf = (plural: string, version = 'v1') => `/apis/example.com/${version}/namespaces/default/${plural}`;
const object = (kind: string, name: string, rest: object, version = 'v1') => ({
  apiVersion: `example.com/${version}`,
  kind,
  metadata: { name },
  ...rest,
});

const ROBOT = {
  type: 'object',
  properties: {
    spec: {
      type: 'object',
      properties: {
        replicas: { type: 'integer', default: 1 },
        color: { type: 'string' },
        arms: {
          type: 'array',
          'x-kubernetes-list-type': 'map',
          'x-kubernetes-list-map-keys': ['name'],
          items: {
            type: 'object',
            required: ['name'],
            properties: { name: { type: 'string' }, joints: { type: 'integer' } },
          },
        },
        tags: { type: 'array', 'x-kubernetes-list-type': 'set', items: { type: 'string' } },
      },
    },
    status: {
      type: 'object',
      properties: { replicas: { type: 'integer' }, selector: { type: 'string' }, since: { type: 'string' } },
    },
  },
};
const SCALE = {
  specReplicasPath: '.spec.replicas',
  statusReplicasPath: '.status.replicas',
  labelSelectorPath: '.status.selector',
};

describe('objects of a defined kind', () => {
  const PATH = pathOf('robots');
  beforeAll(async () => {
    const version = {
      subresources: { status: {}, scale: SCALE },
      selectableFields: [{ jsonPath: '.spec.color' }],
      additionalPrinterColumns: [
        { name: 'Color', type: 'string', jsonPath: '.spec.color' },
        { name: 'Replicas', type: 'integer', jsonPath: '.spec.replicas', priority: 1 },
        { name: 'Since', type: 'date', jsonPath: '.status.since' },
      ],
    };
    await kinds.establish(exampleDefinition({ plural: 'robots', kind: 'Robot' }, ROBOT, { version }));
  });

  test('have a status that only its own endpoint changes, and a generation that follows the rest', async () => {
    const status = { replicas: 1 };
    const { json: made } = await kinds.send('POST', PATH, object('Robot', 'a', { spec: { color: 'red' }, status }));
    expect([made.spec, made.status, made.metadata.generation]).toEqual([{ color: 'red', replicas: 1 }, undefined, 1]);
    const { json: told } = await kinds.patch(`${PATH}/a/status`, { status, spec: { color: 'blue' } });
    expect([told.spec.color, told.status, told.metadata.generation]).toEqual(['red', status, 1]);
    const { json: changed } = await kinds.patch(`${PATH}/a`, { status: { replicas: 9 }, spec: { color: 'blue' } });
    expect([changed.spec.color, changed.status, changed.metadata.generation]).toEqual(['blue', status, 2]);
    const { json: same } = await kinds.patch(`${PATH}/a`, { metadata: { labels: { a: 'b' } } });
    expect(same.metadata.generation).toBe(2);
  });

  test('are scaled by what their definition says', async () => {
    await kinds.send('POST', PATH, object('Robot', 'b', { spec: {} }));
    await kinds.patch(`${PATH}/b/status`, { status: { replicas: 1, selector: 'app=b' } });
    const { json: scale } = await kinds.get(`${PATH}/b/scale`);
    expect(scale).toMatchObject({
      apiVersion: 'autoscaling/v1',
      kind: 'Scale',
      spec: { replicas: 1 },
      status: { replicas: 1, selector: 'app=b' },
    });
    await kinds.patch(`${PATH}/b/scale`, { spec: { replicas: 4 } });
    const { json: scaled } = await kinds.get(`${PATH}/b`);
    expect([scaled.spec.replicas, scaled.metadata.generation]).toEqual([4, 2]);
  });

  test('are selected by the fields that it names, and by no others', async () => {
    for (const color of ['green', 'grey']) await kinds.send('POST', PATH, object('Robot', color, { spec: { color } }));
    const { json: green } = await kinds.get(`${PATH}?fieldSelector=spec.color%3Dgreen`);
    expect(green.items.map(({ metadata }: { metadata: { name: string } }) => metadata.name)).toEqual(['green']);
    const { status, json } = await kinds.get(`${PATH}?fieldSelector=spec.replicas%3D1`);
    expect([status, json.message]).toEqual([400, 'field label not supported: spec.replicas']);
  });

  test('are watched by those fields, and leave when they no longer have them', async () => {
    const watch = await kinds.watch(`${PATH}?watch=true&fieldSelector=spec.color%3Dblack`);
    for (const color of ['white', 'black']) await kinds.send('POST', PATH, object('Robot', color, { spec: { color } }));
    const told = async () => {
      const { type, object: seen } = await watch.next();
      return [type, seen.metadata.name];
    };
    expect(await told()).toEqual(['ADDED', 'black']);
    await kinds.patch(`${PATH}/white`, { spec: { color: 'black' } });
    expect(await told()).toEqual(['ADDED', 'white']);
    await kinds.patch(`${PATH}/black`, { spec: { color: 'white' } });
    expect(await told()).toEqual(['DELETED', 'black']);
    watch.close();
  });

  test('are shown in its columns', async () => {
    await kinds.send('POST', PATH, object('Robot', 'shown', { spec: { color: 'pink' } }));
    const since = new Date(Date.now() - 3 * 3_600_000).toISOString();
    await kinds.patch(`${PATH}/shown/status`, { status: { since } });
    const accept = 'application/json;as=Table;v=v1;g=meta.k8s.io';
    const { json: table } = await kinds.get(`${PATH}/shown`, { accept });
    expect(table.columnDefinitions.map((one: Record<string, unknown>) => [one.name, one.type, one.priority])).toEqual([
      ['Name', 'string', 0],
      ['Color', 'string', 0],
      ['Replicas', 'integer', 1],
      ['Since', 'date', 0],
    ]);
    expect(table.rows[0].cells).toEqual(['shown', 'pink', 1, '3h']);
  });

  test('are applied by several, each its own entries of a list', async () => {
    const apply = (who: string, spec: object) =>
      kinds.patch(`${PATH}/applied?fieldManager=${who}`, object('Robot', 'applied', { spec }), 'apply');
    const first = await apply('one', { arms: [{ name: 'left', joints: 2 }], tags: ['a'] });
    expect([first.status, first.json.message]).toEqual([201, undefined]);
    await apply('two', { arms: [{ name: 'right', joints: 3 }], tags: ['b'] });
    const { json: merged } = await apply('one', { arms: [{ name: 'left', joints: 4 }], tags: ['a'] });
    expect(merged.spec).toMatchObject({
      arms: [
        { name: 'left', joints: 4 },
        { name: 'right', joints: 3 },
      ],
      tags: ['a', 'b'],
    });
    const conflict = await apply('one', { arms: [{ name: 'right', joints: 9 }] });
    expect([conflict.status, conflict.json.details.causes[0]]).toMatchObject([
      409,
      { reason: 'FieldManagerConflict', field: '.spec.arms[name="right"].joints' },
    ]);
    const { json: less } = await apply('one', { tags: ['a'] });
    expect(less.spec.arms).toEqual([{ name: 'right', joints: 3 }]);
  });

  test('hold no entry of a set or map twice', async () => {
    const spec = { tags: ['a', 'a'], arms: [{ name: 'x' }, { name: 'x' }] };
    const { json } = await kinds.send('POST', PATH, object('Robot', 'twice', { spec }));
    expect(json.details.causes.map(({ field, message }: Record<string, string>) => [field, message])).toEqual([
      ['spec.tags[1]', 'Duplicate value: "a"'],
      ['spec.arms[1]', 'Duplicate value: {"name":"x"}'],
    ]);
  });
});

describe('rules', () => {
  const PATH = pathOf('counters');
  const COUNTER = {
    type: 'object',
    properties: {
      spec: {
        type: 'object',
        'x-kubernetes-validations': [
          { rule: '!has(self.max) || self.count <= self.max', message: 'no more than max', fieldPath: '.count' },
          {
            rule: 'self.kind == oldSelf.kind',
            messageExpression: "'was ' + oldSelf.kind",
            reason: 'FieldValueForbidden',
          },
        ],
        properties: {
          count: {
            type: 'integer',
            'x-kubernetes-validations': [{ rule: 'self >= oldSelf', message: 'only up' }],
          },
          max: { type: 'integer' },
          kind: { type: 'string', default: 'plain', maxLength: 10 },
        },
      },
    },
  };
  beforeAll(() => kinds.establish(exampleDefinition({ plural: 'counters', kind: 'Counter' }, COUNTER)));

  test('judge what is made and what it becomes', async () => {
    const refused = await kinds.send('POST', PATH, object('Counter', 'a', { spec: { count: 3, max: 2 } }));
    expect([refused.status, refused.json.message]).toEqual([
      422,
      'Counter.example.com "a" is invalid: spec.count: Invalid value: no more than max',
    ]);
    expect((await kinds.send('POST', PATH, object('Counter', 'a', { spec: { count: 2 } }))).status).toBe(201);
    const less = await kinds.patch(`${PATH}/a`, { spec: { count: 1, kind: 'other' } });
    expect(less.json.details.causes.map(({ field, message }: Record<string, string>) => [field, message])).toEqual([
      ['spec', 'Forbidden: was plain'],
      ['spec.count', 'Invalid value: 1: only up'],
    ]);
  });

  test('that do not compile are told with the definition', async () => {
    const bad = {
      type: 'object',
      properties: { a: { type: 'string', 'x-kubernetes-validations': [{ rule: 'self.b' }] } },
    };
    const { status, json } = await kinds.define(exampleDefinition({ plural: 'bads', kind: 'Bad' }, bad));
    expect(status).toBe(422);
    expect(json.details.causes[0].field).toBe(
      'spec.validation.openAPIV3Schema.properties[a].x-kubernetes-validations[0].rule',
    );
    expect(json.message).toContain("type 'string' does not support field selection");
  });
});

describe('a definition of several versions', () => {
  const schemaOf = (more: object) => ({
    type: 'object',
    properties: { spec: { type: 'object', properties: { a: { type: 'string' }, ...more } } },
  });
  const version = (name: string, storage: boolean, more: object) => ({
    name,
    served: true,
    storage,
    schema: { openAPIV3Schema: schemaOf(more) },
  });
  const [OLD, NEW] = [{ b: { type: 'string' } }, { c: { type: 'string', default: 'x' } }];

  test('shows what is stored in each of them, as each defines it', async () => {
    const versions = [version('v1', true, OLD), version('v2', false, NEW)];
    const { status } = await kinds.establish(
      exampleDefinition({ plural: 'docs', kind: 'Doc' }, {}, { spec: { versions } }),
    );
    expect(status.storedVersions).toEqual(['v1']);
    const { json: groups } = await kinds.get('/apis/example.com');
    expect(groups.preferredVersion.version).toBe('v2');

    await kinds.send('POST', pathOf('docs'), object('Doc', 'a', { spec: { a: '1', b: '2' } }));
    const { json: shown } = await kinds.get(`${pathOf('docs', 'v2')}/a`);
    expect([shown.apiVersion, shown.spec]).toEqual(['example.com/v2', { a: '1', c: 'x' }]);
    const watch = await kinds.watch(`${pathOf('docs', 'v2')}?watch=true`);
    expect((await watch.next()).object).toMatchObject({ apiVersion: 'example.com/v2', spec: { a: '1', c: 'x' } });
    await kinds.patch(`${pathOf('docs', 'v2')}/a`, { spec: { a: '3' } });
    expect((await watch.next()).object.spec).toEqual({ a: '3', c: 'x' });
    watch.close();
    const { json: back } = await kinds.get(`${pathOf('docs')}/a`);
    expect([back.apiVersion, back.spec]).toEqual(['example.com/v1', { a: '3' }]);
  });

  test('remembers every version that objects were stored in, and serves those it says', async () => {
    const versions = [version('v1', false, OLD), version('v2', true, NEW)];
    const { json } = await kinds.changeDefinition('docs.example.com', { spec: { versions } });
    expect(json.status.storedVersions).toEqual(['v1', 'v2']);
    const { json: kept } = await kinds.get(`${pathOf('docs')}/a`);
    expect(kept.spec).toEqual({ a: '3' });
    const removed = await kinds.changeDefinition('docs.example.com', { spec: { versions: versions.slice(1) } });
    expect(removed.json.message).toContain('status.storedVersions[0]: Invalid value: "v1": missing from spec.versions');
    const unserved = [{ ...versions[0], served: false }, versions[1]];
    await kinds.changeDefinition('docs.example.com', { spec: { versions: unserved } });
    expect((await kinds.get(`${pathOf('docs')}/a`)).status).toBe(404);
    expect((await kinds.get(`${pathOf('docs', 'v2')}/a`)).json.spec).toEqual({ a: '3', c: 'x' });
  });
});

describe('a definition that changes', () => {
  test('shows what was stored before as it is defined now', async () => {
    const schemaOf = (properties: object) => ({ type: 'object', properties: { spec: { type: 'object', properties } } });
    const before = schemaOf({ a: { type: 'integer' }, b: { type: 'string' } });
    await kinds.establish(exampleDefinition({ plural: 'pages', kind: 'Page' }, before));
    await kinds.send('POST', pathOf('pages'), object('Page', 'a', { spec: { a: 1, b: 'x' } }));
    const after = schemaOf({ a: { type: 'integer', maximum: 0 }, c: { type: 'string', default: 'new' } });
    const openAPIV3Schema = '/spec/versions/0/schema/openAPIV3Schema';
    await kinds.changeDefinition('pages.example.com', [{ op: 'replace', path: openAPIV3Schema, value: after }], 'json');
    const { json: page } = await kinds.get(`${pathOf('pages')}/a`);
    expect(page.spec).toEqual({ a: 1, c: 'new' });
    // What was good when it was made may stay as it is.
    const same = await kinds.patch(`${pathOf('pages')}/a`, { spec: { c: 'other' } });
    expect([same.status, same.json.spec]).toEqual([200, { a: 1, c: 'other' }]);
    const worse = await kinds.patch(`${pathOf('pages')}/a`, { spec: { a: 2 } });
    expect(worse.json.message).toBe(
      'Page.example.com "a" is invalid: spec.a: Invalid value: 2: spec.a in body should be less than or equal to 0',
    );
  });
});
