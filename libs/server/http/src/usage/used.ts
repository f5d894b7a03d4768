import { refs } from '@binnacle/apis-kubernetes/refs';
import { workloadUsageName } from '@binnacle/apis-kubernetes/usage/v1';
import type { LabelSelector, ResourceRef } from '@binnacle/machinery-meta';
import type { RequestContext } from '@binnacle/server-registry';
import { parseBody, type Scope, type StorageReader, type StoredObject } from '@binnacle/server-storage';
import { podIndex } from './pod-index.js';
import type { ClusterUsage, Series } from './usage-history.js';
import type { Amounts, UsageRing } from './usage-ring.js';

/** Something of which was measured what it uses. */
export interface Used {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly rings: readonly UsageRing[];
  readonly time: string;
  /** Undefined where it is not measured any more. */
  readonly now: Amounts | undefined;
  /** What it is selected by besides its labels. */
  readonly fields?: Readonly<Record<string, string>>;
  /** What the object says besides. */
  readonly more?: Readonly<Record<string, unknown>>;
}

type Lister = Pick<StorageReader, 'list'>;
type Wanted = Pick<Scope, 'cluster' | 'namespace' | 'namespaces' | 'name' | 'equal'>;

/** Finds what of a kind was measured, in the order of names. */
export type FindUsed = (ctx: RequestContext, from: Lister, wanted: Wanted, usage: ClusterUsage) => Promise<Used[]>;

const NODE_NAME = 'spec.nodeName';
const ANY = { revision: { at: 'any' } } as const;

async function stored(ctx: RequestContext, from: Lister, wanted: Wanted, resource: string) {
  const { cluster, namespace, namespaces, name } = wanted;
  const scope = {
    cluster,
    resource,
    ...(namespaces && { namespaces }),
    ...(namespace !== undefined && { namespace }),
    ...(name !== undefined && { name }),
  };
  return (await from.list(ctx, scope, ANY)).items;
}

function one(kind: string, { key, attributes }: StoredObject, series: Series, usage: ClusterUsage): Used {
  const now = usage.isCurrent(series) ? series.now : undefined;
  const { namespace, name } = key;
  return { kind, namespace, name, labels: attributes.labels, rings: [series.ring], time: series.time, now };
}

export const usedByNodes: FindUsed = async (ctx, from, wanted, usage) => {
  const nodes = await stored(ctx, from, wanted, 'nodes');
  return nodes.flatMap((node) => {
    const series = usage.nodes.get(node.key.name);
    return series ? [one('NodeUsage', node, series, usage)] : [];
  });
};

export const usedByPods: FindUsed = async (ctx, from, wanted, usage) => {
  const pods = await stored(ctx, from, wanted, 'pods');
  return pods.flatMap((pod) => {
    const series = usage.pods.get(`${pod.key.namespace}/${pod.key.name}`);
    // What another Pod of that name has used is not its own.
    if (!series || !pod.body.includes(series.uid)) return [];
    const fields = { [NODE_NAME]: pod.attributes.fields[NODE_NAME] ?? '' };
    return [{ ...one('PodUsage', pod, series, usage), fields }];
  });
};

interface Workload {
  readonly ref: ResourceRef;
  readonly resource: string;
}

const workload = (ref: ResourceRef): Workload => ({
  ref,
  resource: ref.group ? `${ref.group}/${ref.plural}` : ref.plural,
});

/** In the order of the names that what they use is told under. */
const WORKLOADS: readonly Workload[] = [
  workload(refs.daemonsets),
  workload(refs.deployments),
  workload(refs.jobs),
  workload(refs.replicasets),
  workload(refs.replicationcontrollers),
  workload(refs.statefulsets),
];

type Selecting = { readonly spec?: { readonly selector?: unknown } };
const selectors = new WeakMap<StoredObject, LabelSelector>();

/** ReplicationControllers have the labels alone. One without a selector chooses nothing. */
function selectorOf(object: StoredObject): LabelSelector | undefined {
  const known = selectors.get(object);
  if (known) return known;
  const selector = (parseBody(object) as Selecting).spec?.selector;
  if (!selector || Object.keys(selector).length === 0) return undefined;
  const isPlain = object.key.resource === 'replicationcontrollers';
  const read = (isPlain ? { matchLabels: selector } : selector) as LabelSelector;
  selectors.set(object, read);
  return read;
}

function sum(amounts: readonly Amounts[]): Amounts {
  const add = (of: keyof Amounts) => amounts.reduce((total, each) => total + each[of], 0);
  return { nanoCores: add('nanoCores'), bytes: add('bytes') };
}

function together({ ref }: Workload, object: StoredObject, usage: ClusterUsage): Used[] {
  const { namespace, name } = object.key;
  const selector = selectorOf(object);
  const chosen = selector ? podIndex(usage).chosenBy(namespace, selector) : [];
  if (chosen.length === 0) return [];
  // Of Pods that have just gone nothing is used any more.
  const current = chosen.filter(({ ring }) => ring.newest === usage.whole);
  const apiVersion = ref.group ? `${ref.group}/${ref.version}` : ref.version;
  return [
    {
      kind: 'WorkloadUsage',
      namespace,
      name: workloadUsageName(ref.kind, name),
      labels: object.attributes.labels,
      rings: chosen.map(({ ring }) => ring),
      time: newestTime(chosen),
      now: current.length > 0 ? sum(current.map(({ now }) => now)) : undefined,
      fields: { 'workload.kind': ref.kind },
      more: { workload: { apiVersion, kind: ref.kind, name }, pods: current.length },
    },
  ];
}

function newestTime(chosen: readonly Series[]): string {
  return chosen.reduce((newest, { time }) => (time > newest ? time : newest), '');
}

/** Which workloads a scope is about, by what they are called here. */
function meant({ name, equal }: Wanted): { readonly workload: Workload; readonly name?: string }[] {
  const found = WORKLOADS.filter(({ ref }) => [undefined, ref.kind].includes(equal?.['workload.kind']));
  if (name === undefined) return found.map((each) => ({ workload: each }));
  return found.flatMap((each) => {
    const head = workloadUsageName(each.ref.kind, '');
    return name.startsWith(head) ? [{ workload: each, name: name.slice(head.length) }] : [];
  });
}

export const usedByWorkloads: FindUsed = async (ctx, from, wanted, usage) => {
  const { cluster, namespace, namespaces } = wanted;
  const place = { cluster, ...(namespace !== undefined && { namespace }), ...(namespaces && { namespaces }) };
  const lists = await Promise.all(
    meant(wanted).map(async ({ workload: each, name }) => {
      const objects = await stored(ctx, from, { ...place, ...(name !== undefined && { name }) }, each.resource);
      return objects.flatMap((object) => together(each, object, usage));
    }),
  );
  return lists.flat();
};
