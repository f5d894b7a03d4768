import { type Context, silentLogger } from '@binnacle/machinery-context';
import { systemClock } from '@binnacle/process-lifecycle';
import {
  conditionOf,
  conditionsOf,
  CustomKinds,
  exampleDefinition,
  startTestApiServer,
  type TestApiServer,
  until,
} from '@binnacle/testing-cluster';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const ctx: Context = { clock: systemClock, logger: silentLogger, signal: new AbortController().signal };
let server: TestApiServer;
let kinds: CustomKinds;
beforeAll(async () => {
  server = await startTestApiServer({ storage: 'memory' });
  kinds = new CustomKinds(server.raw);
});
afterAll(() => server.close());

const WIDGET = {
  type: 'object',
  description: 'A widget is something.',
  properties: {
    spec: {
      type: 'object',
      required: ['size'],
      properties: {
        size: { type: 'integer', minimum: 1, description: 'How large it is.' },
        color: { type: 'string', enum: ['red', 'blue'], default: 'red' },
      },
    },
    status: { type: 'object', properties: { ready: { type: 'integer' } } },
  },
};
const ANYTHING = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };

const widget = (name: string, spec: object, kind = 'Widget') => ({
  apiVersion: 'example.com/v1',
  kind,
  metadata: { name },
  spec,
});

const pathOf = (plural: string) => `/apis/example.com/v1/namespaces/default/${plural}`;
const PATH = pathOf('widgets');

describe('a definition', () => {
  test('is established, discovered, documented and served, and goes with all its objects', async () => {
    const names = { plural: 'widgets', kind: 'Widget', shortNames: ['wd'], categories: ['all'] };
    const made = exampleDefinition(names, WIDGET, { version: { subresources: { status: {} } } });
    const crd = await kinds.establish(made);
    expect(crd.status.acceptedNames).toMatchObject({ ...names, singular: 'widget', listKind: 'WidgetList' });
    expect(crd.status.storedVersions).toEqual(['v1']);

    const { json: resources } = await kinds.get('/apis/example.com/v1');
    expect(resources.resources.map(({ name }: { name: string }) => name)).toEqual(['widgets', 'widgets/status']);
    const { json: index } = await kinds.get('/openapi/v3');
    const { json: document } = await kinds.get(index.paths['apis/example.com/v1'].serverRelativeURL);
    const schema = document.components.schemas['com.example.v1.Widget'];
    expect(schema.description).toBe('A widget is something.');
    expect(schema.properties.spec.properties.size).toEqual(WIDGET.properties.spec.properties.size);
    expect(Object.keys(document.components.schemas)).not.toContain('com.example.v1.Widget.WidgetSpec');

    const created = await kinds.send('POST', PATH, widget('a', { size: 3, colour: 'x' }));
    expect([created.status, created.json.spec]).toEqual([201, { size: 3, color: 'red' }]);
    expect(created.headers.warning).toContain('unknown field \\"spec.colour\\"');
    expect(created.json.metadata.generation).toBe(1);

    const refused = await kinds.send('POST', PATH, widget('b', { size: 0, color: 'green' }));
    expect(refused.json.message).toBe(
      'Widget.example.com "b" is invalid: [spec.size: Invalid value: 0: spec.size in body should be greater than or equal to 1, spec.color: Unsupported value: "green": supported values: "red", "blue"]',
    );

    await kinds.remove('widgets.example.com');
    expect((await kinds.get(PATH)).status).toBe(404);
    await kinds.establish(exampleDefinition(names, WIDGET));
    expect((await kinds.get(PATH)).json.items).toEqual([]);
    await kinds.remove('widgets.example.com');
  });

  test('waits for names that another has, and gets them when they are free', async () => {
    await kinds.establish(exampleDefinition({ plural: 'firsts', kind: 'First', shortNames: ['one'] }, ANYTHING));
    const second = exampleDefinition({ plural: 'seconds', kind: 'First', shortNames: ['one', 'two'] }, ANYTHING);
    expect((await kinds.define(second)).status).toBe(201);
    const refused = await kinds.when('seconds.example.com', 'NamesAccepted', 'False');
    expect(conditionOf(refused, 'NamesAccepted')).toMatchObject({
      reason: 'ListKindConflict',
      message: '"FirstList" is already in use',
    });
    expect(conditionsOf(refused).Established).toBe('False');
    expect(refused.status.acceptedNames).toMatchObject({ plural: 'seconds' });
    expect((await kinds.get(pathOf('seconds'))).status).toBe(404);

    await kinds.remove('firsts.example.com');
    const accepted = await kinds.when('seconds.example.com', 'Established');
    expect(accepted.status.acceptedNames).toMatchObject({ plural: 'seconds', kind: 'First' });
    expect((await kinds.get(pathOf('seconds'))).json).toMatchObject({ kind: 'FirstList', items: [] });
    await kinds.remove('seconds.example.com');
  });

  test('is judged by its group, where that is kubernetes’ own', async () => {
    const own = exampleDefinition({ plural: 'things', kind: 'Thing' }, ANYTHING, { spec: { group: 'x.k8s.io' } });
    const [name, annotations] = ['things.x.k8s.io', { 'api-approved.kubernetes.io': 'unapproved, for a test' }];
    const { json } = await kinds.define({ ...own, metadata: { name } });
    expect(json.details.causes[0]).toMatchObject({ field: 'metadata.annotations[api-approved.kubernetes.io]' });
    const made = await kinds.establish({ ...own, metadata: { name, annotations } as { name: string } });
    expect(conditionOf(made, 'KubernetesAPIApprovalPolicyConformant')).toMatchObject({
      status: 'False',
      reason: 'UnapprovedAnnotation',
    });
    await kinds.remove('things.x.k8s.io');
  });

  test('tells watchers of the last deletions before it goes', async () => {
    await kinds.establish(exampleDefinition({ plural: 'widgets', kind: 'Widget' }, WIDGET));
    await kinds.send('POST', PATH, widget('a', { size: 1 }));
    const watch = await kinds.watch(`${PATH}?watch=true`);
    expect(await watch.next()).toMatchObject({ type: 'ADDED', object: { metadata: { name: 'a' } } });
    await kinds.remove('widgets.example.com');
    expect(await watch.next()).toMatchObject({ type: 'DELETED', object: { metadata: { name: 'a' } } });
    await expect(watch.next()).rejects.toThrow('the watch has ended');
  });

  test('stays while objects of it wait for somebody, and takes no new ones', async () => {
    await kinds.establish(exampleDefinition({ plural: 'widgets', kind: 'Widget' }, WIDGET));
    const held = { ...widget('held', { size: 1 }), metadata: { name: 'held', finalizers: ['example.com/hold'] } };
    await kinds.send('POST', PATH, held);
    await kinds.send('POST', PATH, widget('free', { size: 1 }));
    expect(
      (await kinds.send('DELETE', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions/widgets.example.com'))
        .status,
    ).toBe(200);
    const going = await kinds.when('widgets.example.com', 'Terminating');
    expect(conditionOf(going, 'Terminating')).toMatchObject({ reason: 'InstanceDeletionInProgress' });
    const { json: left } = await until(
      () => kinds.get(PATH),
      ({ json }) => json.items.length === 1,
    );
    expect(left.items[0].metadata).toMatchObject({ name: 'held', deletionTimestamp: expect.any(String) });
    const refused = await kinds.send('POST', PATH, widget('late', { size: 1 }));
    expect([refused.status, refused.json.message]).toEqual([
      403,
      'widgets.example.com "late" is forbidden: create not allowed while custom resource definition is terminating',
    ]);
    await kinds.patch(`${PATH}/held`, { metadata: { finalizers: null } });
    await until(
      () => kinds.definition('widgets.example.com'),
      ({ status }) => status === 404,
    );
  });

  test('ends watches of what is no longer served as it was', async () => {
    await kinds.establish(exampleDefinition({ plural: 'widgets', kind: 'Widget' }, WIDGET));
    const watch = await kinds.watch(`${PATH}?watch=true`);
    await kinds.changeDefinition('widgets.example.com', { metadata: { labels: { a: 'b' } } });
    await kinds.send('POST', PATH, widget('a', { size: 1 }));
    expect(await watch.next()).toMatchObject({ type: 'ADDED' });
    const size = '/spec/versions/0/schema/openAPIV3Schema/properties/spec/properties/size/minimum';
    await kinds.changeDefinition('widgets.example.com', [{ op: 'replace', path: size, value: 2 }], 'json');
    await expect(watch.next()).rejects.toThrow('the watch has ended');
    await kinds.remove('widgets.example.com');
  });

  test('keeps the generation that somebody says its status is of', async () => {
    await kinds.establish(exampleDefinition({ plural: 'widgets', kind: 'Widget' }, WIDGET));
    const path = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions/widgets.example.com/status';
    const { json } = await kinds.patch(path, { status: { observedGeneration: 1 } });
    expect(json.status.observedGeneration).toBe(1);
    const conditions = '/status/conditions/0/observedGeneration';
    const { json: said } = await kinds.patch(path, [{ op: 'add', path: conditions, value: 1 }], 'json');
    expect(said.status.conditions[0].observedGeneration).toBe(1);
    await kinds.remove('widgets.example.com');
  });

  test('is of its cluster alone', async () => {
    await kinds.establish(exampleDefinition({ plural: 'widgets', kind: 'Widget' }, WIDGET));
    await server.storage.createCluster(ctx, 'crd-lab');
    const lab = new CustomKinds(server.raw, '/clusters/crd-lab');
    expect((await lab.get(PATH)).status).toBe(404);
    await lab.establish(exampleDefinition({ plural: 'widgets', kind: 'Gadget' }, ANYTHING));
    expect((await lab.get(PATH)).json.kind).toBe('GadgetList');
    expect((await kinds.get(PATH)).json.kind).toBe('WidgetList');
    await kinds.remove('widgets.example.com');
    expect((await lab.get(PATH)).json.kind).toBe('GadgetList');
  });
});
