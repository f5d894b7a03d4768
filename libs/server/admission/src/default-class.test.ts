import { builtinResources } from '@binnacle/apis-kubernetes/kinds';
import { FakeClock, silentLogger } from '@binnacle/machinery-context';
import type { UnstructuredObject } from '@binnacle/machinery-meta';
import { fixedResourceSets, Registry, type RequestContext, systemContext } from '@binnacle/server-registry';
import { MemoryStorage } from '@binnacle/server-storage';
import { beforeEach, describe, expect, it } from 'vitest';
import { AdmissionChain } from './admission-chain.js';
import { DefaultClass } from './default-class.js';

let clock: FakeClock;
let ctx: RequestContext;
let registry: Registry;

beforeEach(async () => {
  clock = new FakeClock();
  const storage = new MemoryStorage();
  const base = { clock, logger: silentLogger, signal: new AbortController().signal };
  await storage.createCluster(base, 'main');
  ctx = systemContext(base, 'main');
  const admission = new AdmissionChain([DefaultClass.ofClaims(storage), DefaultClass.ofIngresses(storage)]);
  registry = new Registry({ sets: fixedResourceSets(builtinResources), storage, admission });
});

interface Draft {
  readonly name: string;
  readonly annotations?: Record<string, string>;
  readonly [field: string]: unknown;
}

async function create(
  group: string,
  plural: string,
  { name, annotations, ...rest }: Draft,
): Promise<UnstructuredObject> {
  const store = registry.get(group, 'v1', plural);
  const { names, namespaced } = store.definition;
  const metadata = { name, ...(annotations && { annotations }) };
  const draft = { apiVersion: group ? `${group}/v1` : 'v1', kind: names.kind, metadata, ...rest };
  return store.decode(await store.create(ctx, { namespace: namespaced ? 'default' : '' }, draft));
}

const DEFAULT = { 'storageclass.kubernetes.io/is-default-class': 'true' };
const storageClass = (name: string, annotations: Record<string, string> = DEFAULT) =>
  create('storage.k8s.io', 'storageclasses', { name, annotations, provisioner: 'example.com/p' });

/** The class that a claim gets. */
async function claimed(spec: object = {}, annotations: Record<string, string> = {}): Promise<unknown> {
  const asked = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } }, ...spec };
  const claim = await create('', 'persistentvolumeclaims', { name: 'c', annotations, spec: asked });
  return (claim.spec as { storageClassName?: string }).storageClassName;
}

describe('a claim', () => {
  it('without a class stays so where none is marked', async () => {
    await storageClass('plain', {});
    await storageClass('once', { 'storageclass.kubernetes.io/is-default-class': 'false' });
    expect(await claimed()).toBeUndefined();
  });

  it.each(['storageclass.kubernetes.io/is-default-class', 'storageclass.beta.kubernetes.io/is-default-class'])(
    'gets the one that %s marks',
    async (mark) => {
      await storageClass('plain', {});
      await storageClass('usual', { [mark]: 'true' });
      expect(await claimed()).toBe('usual');
    },
  );

  it('gets the newest of several, and of one second the first by name', async () => {
    await storageClass('a');
    clock.step(1_000);
    await storageClass('c');
    await storageClass('b');
    expect(await claimed()).toBe('b');
  });

  it.each<[string, object, Record<string, string>, string | undefined]>([
    ['a class', { storageClassName: 'own' }, {}, 'own'],
    ['no class on purpose', { storageClassName: '' }, {}, ''],
    ['its class by annotation', {}, { 'volume.beta.kubernetes.io/storage-class': 'own' }, undefined],
  ])('that names %s keeps it', async (_what, spec, annotations, expected) => {
    await storageClass('usual');
    expect(await claimed(spec, annotations)).toBe(expected);
  });

  it('that is there already gets none', async () => {
    expect(await claimed()).toBeUndefined();
    await storageClass('usual');
    const claims = registry.get('', 'v1', 'persistentvolumeclaims');
    const place = { namespace: 'default', name: 'c' };
    const label = (claim: UnstructuredObject) => ({ ...claim, metadata: { ...claim.metadata, labels: { a: 'b' } } });
    const updated = claims.decode(await claims.update(ctx, place, label));
    expect([updated.metadata.labels, updated.spec]).toEqual([
      { a: 'b' },
      expect.not.objectContaining({ storageClassName: 'usual' }),
    ]);
  });
});

describe('an Ingress', () => {
  const ingress = async (spec: object = {}, annotations: Record<string, string> = {}) => {
    const defaultBackend = { service: { name: 's', port: { number: 80 } } };
    const made = await create('networking.k8s.io', 'ingresses', {
      name: 'i',
      annotations,
      spec: { defaultBackend, ...spec },
    });
    return (made.spec as { ingressClassName?: string }).ingressClassName;
  };
  beforeEach(async () => {
    const annotations = { 'ingressclass.kubernetes.io/is-default-class': 'true' };
    await create('networking.k8s.io', 'ingressclasses', {
      name: 'web',
      annotations,
      spec: { controller: 'example.com/c' },
    });
  });

  it('gets the class that is marked', async () => {
    expect(await ingress()).toBe('web');
  });

  it('that names one keeps it, also by annotation', async () => {
    expect(await ingress({ ingressClassName: 'own' })).toBe('own');
    await registry.get('networking.k8s.io', 'v1', 'ingresses').delete(ctx, { namespace: 'default', name: 'i' });
    expect(await ingress({}, { 'kubernetes.io/ingress.class': 'own' })).toBeUndefined();
  });
});
