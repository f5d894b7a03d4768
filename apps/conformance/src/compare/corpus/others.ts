import type { Case } from '../case.js';
import { caseMaker, NAMESPACE } from './kind.js';

const PRIORITIES = '/apis/scheduling.k8s.io/v1/priorityclasses';
const ACCOUNT = `/api/v1/namespaces/${NAMESPACE}/serviceaccounts/default`;

function tokenCases(): Case[] {
  const make = caseMaker('tokens', 'serviceaccounts');
  const request = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest' };
  const post = (name: string, body: object) => make(name, { method: 'POST', path: `${ACCOUNT}/token`, body });
  const bound = (boundObjectRef: object) => post('bound', { ...request, spec: { boundObjectRef } });
  return [
    post('a short one', { ...request, spec: { expirationSeconds: 5 } }),
    post('a negative one', { ...request, spec: { expirationSeconds: -1 } }),
    post('an endless one', { ...request, spec: { expirationSeconds: 2 ** 33 } }),
    bound({ kind: 'Pod', apiVersion: 'v1', name: 'nothing' }),
    bound({ kind: 'Secret', apiVersion: 'v1', name: 'nothing' }),
    bound({ kind: 'Node', apiVersion: 'v1', name: 'nothing' }),
    bound({ kind: 'ConfigMap', apiVersion: 'v1', name: 'nothing' }),
    post('of another', { ...request, metadata: { name: 'another' } }),
  ];
}

function namespaceCases(): Case[] {
  const make = caseMaker('namespaces', 'namespaces');
  const path = '/api/v1/namespaces/finalized';
  const object = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'finalized' } };
  const put = (name: string, body: object) => make(name, { method: 'PUT', path: `${path}/finalize`, body });
  return [
    make('made', { method: 'POST', path: '/api/v1/namespaces', body: object }),
    put('finalized without a name', { ...object, metadata: {}, spec: { finalizers: ['kubernetes'] } }),
    put('finalized by another name', { ...object, metadata: { name: 'another' } }),
    put('with a bad finalizer', { ...object, spec: { finalizers: ['nodomain'] } }),
    put('with one more', { ...object, spec: { finalizers: ['kubernetes', 'example.com/more'] } }),
    put('with none', { ...object, spec: { finalizers: [] } }),
    make('finalized by GET', { method: 'GET', path: `${path}/finalize` }),
    make('deleted', { method: 'DELETE', path }),
    make('read when deleted', { method: 'GET', path }),
    make('something made in it', {
      method: 'POST',
      path: `${path}/configmaps`,
      body: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'late' } },
    }),
    ...['default', 'kube-system', 'kube-public', 'kube-node-lease'].map((name) =>
      make(`${name} deleted`, { method: 'DELETE', path: `/api/v1/namespaces/${name}?dryRun=All` }),
    ),
  ];
}

function priorityCases(): Case[] {
  const make = caseMaker('priorities', 'priorityclasses.scheduling.k8s.io');
  const class_ = (name: string, more: object) => ({
    apiVersion: 'scheduling.k8s.io/v1',
    kind: 'PriorityClass',
    metadata: { name },
    value: 5,
    ...more,
  });
  const post = (name: string, body: object) => make(name, { method: 'POST', path: PRIORITIES, body });
  return [
    make('a system class deleted', { method: 'DELETE', path: `${PRIORITIES}/system-node-critical` }),
    make('a system class changed', {
      method: 'PATCH',
      path: `${PRIORITIES}/system-node-critical`,
      body: { description: 'changed' },
      headers: { 'content-type': 'application/merge-patch+json' },
    }),
    post('a system name', class_('system-mine', {})),
    post('a high value', class_('high', { value: 2_000_000_000 })),
    post('the default', class_('first-default', { globalDefault: true })),
    post('another default', class_('second-default', { globalDefault: true })),
    make('the default deleted', { method: 'DELETE', path: `${PRIORITIES}/first-default` }),
  ];
}

function reviewCases(): Case[] {
  const make = caseMaker('reviews', 'reviews');
  const review = (group: string, plural: string, kind: string, spec: object) =>
    ['application/json', 'application/json;as=Table;v=v1;g=meta.k8s.io'].map((accept) =>
      make(`${kind} as ${accept}`, {
        method: 'POST',
        path: `/apis/${group}/v1/${plural}`,
        body: { apiVersion: `${group}/v1`, kind, spec },
        headers: { accept },
      }),
    );
  const attributes = { resourceAttributes: { verb: 'get', resource: 'pods', namespace: NAMESPACE } };
  return [
    ...review('authorization.k8s.io', 'selfsubjectaccessreviews', 'SelfSubjectAccessReview', attributes),
    ...review('authorization.k8s.io', 'selfsubjectaccessreviews', 'SelfSubjectAccessReview', {}),
    ...review('authorization.k8s.io', 'subjectaccessreviews', 'SubjectAccessReview', { ...attributes, user: 'nobody' }),
    ...review('authorization.k8s.io', 'subjectaccessreviews', 'SubjectAccessReview', attributes),
    ...review('authorization.k8s.io', 'selfsubjectrulesreviews', 'SelfSubjectRulesReview', { namespace: '' }),
    ...review('authentication.k8s.io', 'tokenreviews', 'TokenReview', { token: 'nonsense' }),
    ...review('authentication.k8s.io', 'tokenreviews', 'TokenReview', {}),
  ];
}

/** What single kinds alone can do. */
export function otherCases(): Case[] {
  return [...tokenCases(), ...namespaceCases(), ...priorityCases(), ...reviewCases()];
}
