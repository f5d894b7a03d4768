import { refs } from '@binnacle/apis-kubernetes/refs';
import type { UnstructuredObject } from '@binnacle/machinery-meta';
import type { Made } from '../turns/requests.js';
import type { Awaited } from './until-all.js';

type Json = Record<string, unknown>;

/** What is made, what is done, and when that is over. */
export interface Workload {
  readonly name: string;
  /** There before it is measured, and as it should be. */
  readonly before?: { readonly made: readonly Made[]; readonly settled?: Awaited };
  readonly act: readonly (Made & { readonly method: 'POST' | 'PUT' | 'DELETE' })[];
  /** Undefined waits until the namespace is gone. */
  readonly over?: Awaited;
}

export const NAMESPACE = 'bench';
const IN_NAMESPACE = `namespaces/${NAMESPACE}`;
const DEPLOYMENTS = `/apis/apps/v1/${IN_NAMESPACE}/deployments`;
const JOBS = `/apis/batch/v1/${IN_NAMESPACE}/jobs`;

const container = (image: string): Json => ({ name: 'main', image });
const numbered = <T>(count: number, make: (number: number) => T): T[] =>
  Array.from({ length: count }, (_, at) => make(at));

function deployment(name: string, replicas: number, image = 'nginx:1.27'): Json {
  const labels = { app: name };
  const template = { metadata: { labels }, spec: { containers: [container(image)] } };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace: NAMESPACE },
    spec: { replicas, selector: { matchLabels: labels }, template },
  };
}

function job(name: string): Json {
  const template = { spec: { restartPolicy: 'Never', containers: [container('busybox')] } };
  return { apiVersion: 'batch/v1', kind: 'Job', metadata: { name, namespace: NAMESPACE }, spec: { template } };
}

/** Behaves as kubernetes staging/src/k8s.io/kubectl/pkg/polymorphichelpers rollout_status.go. */
export const isRolled =
  (replicas: number) =>
  ({ metadata, status }: UnstructuredObject): boolean => {
    const { observedGeneration, updatedReplicas, replicas: all, availableReplicas } = (status ?? {}) as Json;
    if (observedGeneration !== metadata.generation) return false;
    return [updatedReplicas, all, availableReplicas].every((count) => count === replicas);
  };

const isComplete = ({ status }: UnstructuredObject): boolean =>
  ((status as { conditions?: Json[] } | undefined)?.conditions ?? []).some(
    ({ type, status: now }) => type === 'Complete' && now === 'True',
  );

const rolled = (count: number, replicas: number): Awaited => ({
  ref: refs.deployments,
  namespace: NAMESPACE,
  count,
  is: isRolled(replicas),
});

function large(pods: number): Workload {
  const act = [{ method: 'POST', path: DEPLOYMENTS, body: deployment('large', pods) } as const];
  return { name: `a Deployment of ${pods}`, act, over: rolled(1, pods) };
}

const REPLICAS = 2;
function rolledAtOnce(count: number): Workload {
  const changed = (name: string) => ({
    method: 'PUT' as const,
    path: `${DEPLOYMENTS}/${name}`,
    body: deployment(name, REPLICAS, 'nginx:1.28'),
  });
  return {
    name: `${count} Deployments rolled at once`,
    before: {
      made: numbered(count, (at) => ({ path: DEPLOYMENTS, body: deployment(`web-${at}`, REPLICAS) })),
      settled: rolled(count, REPLICAS),
    },
    act: numbered(count, (at) => changed(`web-${at}`)),
    over: rolled(count, REPLICAS),
  };
}

function jobs(count: number): Workload {
  return {
    name: `${count} Jobs`,
    act: numbered(count, (at) => ({ method: 'POST', path: JOBS, body: job(`work-${at}`) }) as const),
    over: { ref: refs.jobs, namespace: NAMESPACE, count, is: isComplete },
  };
}

const KINDS: readonly (readonly [plural: string, body: Json])[] = [
  ['configmaps', { apiVersion: 'v1', kind: 'ConfigMap', data: { a: 'b' } }],
  ['secrets', { apiVersion: 'v1', kind: 'Secret', stringData: { a: 'b' } }],
  ['serviceaccounts', { apiVersion: 'v1', kind: 'ServiceAccount' }],
  ['pods', { apiVersion: 'v1', kind: 'Pod', spec: { containers: [container('nginx')] } }],
];

function namespaceOf(count: number): Workload {
  const object = (at: number): Made => {
    const [plural, body] = KINDS[at % KINDS.length] ?? ['configmaps', {}];
    return { path: `/api/v1/${IN_NAMESPACE}/${plural}`, body: { ...body, metadata: { name: `object-${at}` } } };
  };
  return {
    name: `a namespace of ${count} objects deleted`,
    before: { made: numbered(count, object) },
    act: [{ method: 'DELETE', path: `/api/v1/${IN_NAMESPACE}`, body: {} }],
  };
}

/** `share` makes them smaller. */
export const workloads = (share = 1): Workload[] => [
  large(Math.round(5_000 * share)),
  rolledAtOnce(Math.round(500 * share)),
  jobs(Math.round(1_000 * share)),
  namespaceOf(Math.round(20_000 * share)),
];
