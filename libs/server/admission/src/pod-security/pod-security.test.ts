import { builtinResources } from '@binnacle/apis-kubernetes/kinds';
import { FakeClock, silentLogger } from '@binnacle/machinery-context';
import type { UnstructuredObject } from '@binnacle/machinery-meta';
import {
  createSystemObjects,
  fixedResourceSets,
  Registry,
  type RequestContext,
  systemContext,
} from '@binnacle/server-registry';
import { MemoryStorage } from '@binnacle/server-storage';
import { beforeEach, describe, expect, test } from 'vitest';
import { createAdmission } from '../index.js';
import { readPodSecurityConfiguration } from './configuration.js';
import { MOST_PODS } from './existing-pods.js';

const HEAD = { apiVersion: 'pod-security.admission.config.k8s.io/v1', kind: 'PodSecurityConfiguration' };

let ctx: RequestContext;
let clock: FakeClock;
let storage: MemoryStorage;
let registry: Registry;
let warnings: string[];
let notes: Record<string, string>;

function serve(more: object = {}): void {
  const read = readPodSecurityConfiguration({ ...HEAD, ...more });
  if (read.errors) throw new Error(JSON.stringify(read.errors));
  const admission = createAdmission(storage, { disabled: ['ServiceAccount'], podSecurity: read.configuration });
  registry = new Registry({ sets: fixedResourceSets(builtinResources), storage, admission });
}

beforeEach(async () => {
  storage = new MemoryStorage();
  clock = new FakeClock();
  const base = { clock, logger: silentLogger, signal: new AbortController().signal };
  await storage.createCluster(base, 'main');
  [warnings, notes] = [[], {}];
  const annotate = (key: string, value: string) => void (notes[key.replace('pod-security.kubernetes.io/', '')] = value);
  ctx = { ...systemContext(base, 'main'), warn: (text) => void warnings.push(text), annotate };
  serve();
  await createSystemObjects(ctx, registry);
});

const labels = (of: Record<string, string>) =>
  Object.fromEntries(Object.entries(of).map(([key, value]) => [`pod-security.kubernetes.io/${key}`, value]));
const make = (apiVersion: string, kind: string, plural: string, draft: object, namespace = 'n') => {
  const [group = '', version = ''] = apiVersion.includes('/') ? apiVersion.split('/') : ['', apiVersion];
  const store = registry.get(group, version, plural);
  return store.create(ctx, { namespace }, { apiVersion, kind, ...draft } as UnstructuredObject);
};
const namespace = (of: Record<string, string>, name = 'n') =>
  make('v1', 'Namespace', 'namespaces', { metadata: { name, labels: labels(of) } }, '');
const bare = { containers: [{ name: 'c', image: 'i' }] };
const privileged = { containers: [{ name: 'c', image: 'i', securityContext: { privileged: true } }] };
const pod = (spec: object = bare, metadata: object = {}) =>
  make('v1', 'Pod', 'pods', { metadata: { name: 'p', ...metadata }, spec });
const relabel = (of: Record<string, string>, name = 'n') =>
  registry.get('', 'v1', 'namespaces').update(ctx, { namespace: '', name }, (current) => {
    current.metadata.labels = { ...current.metadata.labels, ...labels(of) };
    return current;
  });

const VIOLATES =
  'pods "p" is forbidden: violates PodSecurity "baseline:latest": privileged (container "c" must not set securityContext.privileged=true)';
const WOULD =
  'would violate PodSecurity "baseline:latest": privileged (container "c" must not set securityContext.privileged=true)';

describe('a Pod', () => {
  test('may do all where its namespace asks for nothing', async () => {
    await namespace({});
    await pod(privileged);
    expect([warnings, notes]).toEqual([[], { 'enforce-policy': 'privileged:latest' }]);
  });

  test('is refused where it does not keep what is enforced, without a warning besides', async () => {
    await namespace({ enforce: 'baseline', audit: 'baseline' });
    await expect(pod(privileged)).rejects.toMatchObject({ code: 403, reason: 'Forbidden', message: VIOLATES });
    expect([warnings, notes]).toEqual([[], { 'enforce-policy': 'baseline:latest', 'audit-violations': WOULD }]);
    await pod();
  });

  test('is let through with a warning and a note where that is all that is asked for', async () => {
    await namespace({ warn: 'baseline', audit: 'restricted', 'audit-version': 'v1.7' });
    await pod(privileged);
    expect(warnings).toEqual([WOULD]);
    expect(notes['audit-violations']).toMatch(
      /^would violate PodSecurity "restricted:v1.7": privileged .* runAsNonRoot/,
    );
  });

  test('is judged again when its image changes, and by a debug container, not by labels nor by its status', async () => {
    await namespace({});
    await pod(privileged);
    await relabel({ enforce: 'baseline' });
    const pods = registry.get('', 'v1', 'pods');
    const place = { namespace: 'n', name: 'p' };
    const update = (change: (object: UnstructuredObject) => void, subresource = '') =>
      pods.update(ctx, place, (current) => (change(current), current), {
        subresource,
        rules: subresource ? 'part' : 'main',
      });
    await update(({ metadata }) => void (metadata.labels = { a: 'b' }));
    await pods.update(ctx, place, (current) => ({ ...current, status: { phase: 'Running' } }), {
      rules: 'status',
      subresource: 'status',
    });
    const spec = ({ spec: found }: UnstructuredObject) => found as { containers: { image: string }[] };
    await expect(
      update((current) => void ((spec(current).containers[0] ?? { image: '' }).image = 'j')),
    ).rejects.toThrow(VIOLATES);
    const debug = { ephemeralContainers: [{ name: 'd', image: 'i', terminationMessagePolicy: 'File' }] };
    const attach = update((current) => void Object.assign(spec(current), debug), 'ephemeralcontainers');
    await expect(attach).rejects.toThrow('violates PodSecurity');
  });

  test('keeps a strict standard where labels say nothing known', async () => {
    serve({ defaults: { enforce: 'privileged' } });
    await namespace({});
    const stored = await storage.get(ctx, { cluster: 'main', resource: 'namespaces', namespace: '', name: 'n' });
    if (!stored) throw new Error('no namespace');
    const attributes = { ...stored.attributes, labels: labels({ enforce: 'bad' }) };
    const { key, revision: expected, body } = stored;
    await storage.write(ctx, { op: 'update', key, expected, body, attributes, actor: { user: '', client: '' } });
    await expect(pod()).rejects.toThrow('violates PodSecurity "restricted:latest"');
    expect(notes.error).toContain('Failed to parse policy: metadata.labels[pod-security.kubernetes.io/enforce]');
  });
});

const template = { metadata: { labels: { a: 'b' } }, spec: privileged };
const selector = { matchLabels: { a: 'b' } };

test.each([
  ['v1', 'PodTemplate', 'podtemplates', { template }],
  ['v1', 'ReplicationController', 'replicationcontrollers', { spec: { selector: { a: 'b' }, template } }],
  ['apps/v1', 'Deployment', 'deployments', { spec: { selector, template } }],
  ['apps/v1', 'ReplicaSet', 'replicasets', { spec: { selector, template } }],
  ['apps/v1', 'StatefulSet', 'statefulsets', { spec: { selector, template, serviceName: 's' } }],
  ['apps/v1', 'DaemonSet', 'daemonsets', { spec: { selector, template } }],
  ['batch/v1', 'Job', 'jobs', { spec: { template: { spec: { ...privileged, restartPolicy: 'Never' } } } }],
  [
    'batch/v1',
    'CronJob',
    'cronjobs',
    {
      spec: {
        schedule: '* * * * *',
        jobTemplate: { spec: { template: { spec: { ...privileged, restartPolicy: 'Never' } } } },
      },
    },
  ],
])('%s %s is warned of what its Pods would be refused for, and goes through', async (version, kind, plural, draft) => {
  await namespace({ enforce: 'baseline', audit: 'baseline' });
  await make(version, kind, plural, { metadata: { name: 'w' }, ...draft });
  expect(warnings).toContain(WOULD);
  expect(notes).toEqual({ 'audit-violations': WOULD });
});

describe('a namespace', () => {
  test('may not ask for what is unknown, and keeps what it once asked for', async () => {
    await expect(namespace({ enforce: 'x' })).rejects.toMatchObject({
      code: 422,
      message:
        'Namespace "n" is invalid: metadata.labels[pod-security.kubernetes.io/enforce]: Invalid value: "x": must be one of privileged, baseline, restricted',
    });
    await namespace({});
    await expect(relabel({ 'warn-version': 'v2' })).rejects.toThrow('must be "latest" or "v1.x"');
  });

  test('that asks for more is told which of its Pods do not keep it', async () => {
    await namespace({});
    const owner = (uid: string) => ({
      ownerReferences: [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'r', uid, controller: true }],
    });
    for (const name of ['b', 'a']) await pod(privileged, { name, ...owner('1') });
    await pod({ ...privileged, hostNetwork: true }, { name: 'z' });
    await pod(bare, { name: 'fine' });
    await relabel({ enforce: 'baseline' });
    expect(warnings).toEqual([
      'existing pods in namespace "n" violate the new PodSecurity enforce level "baseline:latest"',
      'a (and 1 other pod): privileged',
      'z: host namespaces, privileged',
    ]);
  });

  test.each([
    ['less', { enforce: 'restricted' }, { enforce: 'baseline' }],
    ['the same', { enforce: 'baseline' }, { enforce: 'baseline', audit: 'restricted' }],
    ['nothing', { enforce: 'baseline' }, { enforce: 'privileged' }],
  ])('that asks for %s is told nothing', async (_what, before, after) => {
    await namespace({});
    await pod(privileged);
    await relabel(before);
    warnings.length = 0;
    await relabel(after);
    expect(warnings).toEqual([]);
  });

  test('has only so many of its Pods looked at, and for so long', async () => {
    await namespace({});
    for (let at = 0; at < 5; at += 1) await pod(privileged, { name: `p${at}` });
    const now = clock.now.bind(clock);
    let reads = 0;
    ctx = { ...ctx, clock: Object.assign(Object.create(clock) as FakeClock, { now: () => now() + 400 * reads++ }) };
    await relabel({ enforce: 'baseline' });
    expect(warnings[0]).toMatch(
      /^new PodSecurity enforce level only checked against the first [1-4] of 5 existing pods$/,
    );
    expect(MOST_PODS).toBe(3000);
  });
});

describe('who is exempt', () => {
  test('by namespace', async () => {
    serve({ exemptions: { namespaces: ['n'] }, defaults: { enforce: 'baseline' } });
    await namespace({ enforce: 'restricted', warn: 'baseline' });
    expect(warnings).toEqual([
      'namespace "n" is exempt from Pod Security, and the policy (enforce=restricted:latest, warn=baseline:latest) will be ignored',
    ]);
    await pod(privileged);
    expect(notes).toEqual({ exempt: 'namespace' });
  });

  test('by name, and nobody else', async () => {
    serve({ exemptions: { usernames: ['ada'] }, defaults: { enforce: 'baseline' } });
    await namespace({});
    const system = ctx;
    ctx = { ...ctx, user: { name: 'ada', groups: [] } };
    await pod(privileged);
    expect(notes).toEqual({ exempt: 'user' });
    ctx = system;
    await expect(pod(privileged, { name: 'q' })).rejects.toThrow('violates PodSecurity "baseline:latest"');
  });

  test('by runtime class', async () => {
    serve({ exemptions: { runtimeClasses: ['gvisor'] }, defaults: { enforce: 'baseline' } });
    await make('node.k8s.io/v1', 'RuntimeClass', 'runtimeclasses', { metadata: { name: 'gvisor' }, handler: 'h' }, '');
    await namespace({});
    await pod({ ...privileged, runtimeClassName: 'gvisor' });
    expect(notes).toEqual({ exempt: 'runtimeClass' });
  });
});

test('the order: what a Pod may do is looked at before quotas and after it has its namespace', async () => {
  await expect(pod(privileged)).rejects.toMatchObject({ code: 404 });
});
