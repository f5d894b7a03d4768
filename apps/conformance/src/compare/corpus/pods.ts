import type { Case, Json } from '../case.js';
import { caseMaker, type ComparedKind, nameOf, NAMESPACE } from './kind.js';

const MERGE = { 'content-type': 'application/merge-patch+json' };
const STRATEGIC = { 'content-type': 'application/strategic-merge-patch+json' };
const LOGS: readonly string[] = [
  '',
  'container=nothing',
  'sinceSeconds=0',
  'sinceSeconds=x',
  'sinceTime=yesterday',
  'sinceTime=2026-01-01T00:00:00Z&sinceSeconds=5',
  'tailLines=-1',
  'limitBytes=0',
  'stream=Nowhere',
  'stream=Stdout',
  'stream=Stdout&tailLines=1',
  'follow=maybe',
];

const specs: readonly (readonly [string, Json])[] = [
  ['a priority of its own', { priority: 7 }],
  ['a class that is not there', { priorityClassName: 'nothing' }],
  ['a class and its priority', { priorityClassName: 'system-node-critical', priority: 2_000_001_000 }],
  ['another preemption policy', { preemptionPolicy: 'Never' }],
  ['an account that is not there', { serviceAccountName: 'nothing' }],
  ['no token', { automountServiceAccountToken: false }],
  ['a runtime class that is not there', { runtimeClassName: 'nothing' }],
  ['overhead without a class', { overhead: { cpu: '1' } }],
  ['a claim for resources', { resourceClaims: [{ name: 'gpu', resourceClaimName: 'gpu' }] }],
  ['a deprecated account only', { serviceAccount: 'default', serviceAccountName: undefined }],
  ['host ports', { hostNetwork: true }],
];

/** Subresources of Pods, and what admission makes of them. */
export function podCases({ collection, resource, draft }: ComparedKind): Case[] {
  const make = caseMaker('pods', resource);
  const object = draft('pod');
  const path = `${collection}/${nameOf(object)}`;
  const post = (name: string, of: string, body: unknown, query = '') =>
    make(name, { method: 'POST', path: `${of}${query}`, body });
  const binding = { apiVersion: 'v1', kind: 'Binding', metadata: { name: 'pod' }, target: { kind: 'Node', name: 'n' } };
  const eviction = { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name: 'pod' } };
  const update = (name: string, change: Json) =>
    make(name, {
      method: 'PUT',
      path: `${path}?dryRun=All`,
      body: { ...object, spec: { ...(object.spec as Json), ...change } },
    });
  const container = { name: 'debugger', image: 'busybox:1.37', targetContainerName: 'main' };
  return [
    ...specs.map(([name, spec]) =>
      post(
        `with ${name}`,
        collection,
        { ...draft('admitted'), spec: { ...(object.spec as Json), ...spec } },
        '?dryRun=All',
      ),
    ),
    post('made for it', collection, object),
    make('replaced by what was sent', { method: 'PUT', path, body: object }),
    ...specs.map(([name, spec]) => update(`replaced with ${name}`, spec)),
    ...LOGS.map((query) => make(`log ${query}`, { method: 'GET', path: `${path}/log${query && `?${query}`}` })),
    make('containers read', { method: 'GET', path: `${path}/ephemeralcontainers` }),
    make('a container added', {
      method: 'PATCH',
      path: `${path}/ephemeralcontainers`,
      body: { spec: { ephemeralContainers: [container] } },
      headers: STRATEGIC,
    }),
    make('a container changed', {
      method: 'PATCH',
      path: `${path}/ephemeralcontainers`,
      body: { spec: { ephemeralContainers: [{ ...container, image: 'other' }] } },
      headers: STRATEGIC,
    }),
    make('resize read', { method: 'GET', path: `${path}/resize` }),
    make('resized', {
      method: 'PATCH',
      path: `${path}/resize`,
      body: { spec: { containers: [{ name: 'main', resources: { requests: { cpu: '150m' } } }] } },
      headers: STRATEGIC,
    }),
    make('resized elsewhere', {
      method: 'PATCH',
      path: `${path}/resize`,
      body: { spec: { containers: [{ name: 'main', image: 'other' }] } },
      headers: STRATEGIC,
    }),
    make('set to another image', {
      method: 'PATCH',
      path,
      body: { spec: { containers: [{ name: 'main', image: 'nginx:1.30' }] } },
      headers: STRATEGIC,
    }),
    make('given another restart policy', {
      method: 'PATCH',
      path,
      body: { spec: { restartPolicy: 'Never' } },
      headers: MERGE,
    }),
    post('bound without a target', `${path}/binding`, { ...binding, target: undefined }),
    post('bound to a Pod', `${path}/binding`, { ...binding, target: { kind: 'Pod', name: 'x' } }),
    post('bound without a name', `${path}/binding`, { ...binding, metadata: {} }, '?dryRun=All'),
    post('bound by another name', `${path}/binding`, { ...binding, metadata: { name: 'another' } }),
    post('bound, only tried', `${path}/binding`, binding, '?dryRun=All'),
    post('bound', `${path}/binding`, binding),
    post('bound again', `${path}/binding`, binding),
    post('bound in the old way', `/api/v1/namespaces/${NAMESPACE}/bindings`, binding),
    make('read when bound', { method: 'GET', path }),
    post('evicted without a name', `${path}/eviction`, { ...eviction, metadata: {} }, '?dryRun=All'),
    post('evicted by another name', `${path}/eviction`, { ...eviction, metadata: { name: 'another' } }),
    post('evicted, only tried', `${path}/eviction`, eviction, '?dryRun=All'),
    post('evicted with a bad option', `${path}/eviction`, { ...eviction, deleteOptions: { dryRun: ['Some'] } }),
    post('evicted', `${path}/eviction`, eviction),
    make('read when evicted', { method: 'GET', path }),
    make('deleted', { method: 'DELETE', path: `${path}?gracePeriodSeconds=0` }),
  ];
}
