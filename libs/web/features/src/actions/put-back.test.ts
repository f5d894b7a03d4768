import { refs } from '@binnacle/apis-kubernetes/refs';
import type { ResourceRef } from '@binnacle/machinery-meta';
import {
  configMap,
  deployment,
  podDisruptionBudget,
  podSpec,
  replicationController,
  secret,
  service,
  serviceAccount,
} from '@binnacle/testing-fixtures';
import { PageSide } from '@binnacle/testing-loops/page-side';
import type { KubeObject, UnstructuredObject } from '@binnacle/web-data';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { asWritten } from './put-back.js';

test('keeps what somebody wrote and nothing the server gave', () => {
  const object = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'a', namespace: 'b', uid: 'u', resourceVersion: '9', labels: { x: 'y' }, finalizers: ['f'] },
    spec: { clusterIP: '10.0.0.1', clusterIPs: ['10.0.0.1'], ports: [] },
    status: { loadBalancer: {} },
  };
  expect(asWritten(object)).toEqual({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'a', namespace: 'b', labels: { x: 'y' } },
    spec: { clusterIP: '10.0.0.1', ports: [] },
  });
  expect(object.spec.clusterIPs).toHaveLength(1);
});

describe('what the server has kept, it takes back after a deletion', () => {
  let side: PageSide;
  beforeAll(async () => {
    side = await PageSide.start();
  });
  afterAll(() => side.end());

  const labels = { app: 'web' };
  const template = { metadata: { labels }, spec: podSpec() };
  const job = { template: { metadata: { labels }, spec: { ...podSpec(), restartPolicy: 'Never' } } };
  const of = (apiVersion: string, kind: string, spec: object): KubeObject =>
    ({ apiVersion, kind, metadata: { name: 'one' }, spec }) as KubeObject;
  const nodePort = service({
    metadata: { name: 'outside' },
    spec: { type: 'NodePort', clusterIP: undefined, clusterIPs: undefined },
  });
  const headless = service({ metadata: { name: 'headless' }, spec: { clusterIP: 'None', clusterIPs: ['None'] } });

  test.each<[string, ResourceRef, KubeObject]>([
    ['a ConfigMap', refs.configmaps, configMap({ metadata: { annotations: { note: 'x' } } })],
    ['a Secret', refs.secrets, secret()],
    ['a ServiceAccount', refs.serviceaccounts, serviceAccount({ metadata: { name: 'builder' } })],
    ['a Service of an address', refs.services, service()],
    ['a Service of a port of every node', refs.services, nodePort],
    ['a Service without an address', refs.services, headless],
    ['a Deployment', refs.deployments, deployment()],
    ['a ReplicationController', refs.replicationcontrollers, replicationController()],
    [
      'a StatefulSet',
      refs.statefulsets,
      of('apps/v1', 'StatefulSet', { serviceName: 'web', selector: { matchLabels: labels }, template }),
    ],
    ['a DaemonSet', refs.daemonsets, of('apps/v1', 'DaemonSet', { selector: { matchLabels: labels }, template })],
    ['a Job', refs.jobs, of('batch/v1', 'Job', job)],
    [
      'a Job that selects by itself',
      refs.jobs,
      of('batch/v1', 'Job', { manualSelector: true, selector: { matchLabels: labels }, ...job }),
    ],
    ['a CronJob', refs.cronjobs, of('batch/v1', 'CronJob', { schedule: '@hourly', jobTemplate: { spec: job } })],
    ['a budget', refs.poddisruptionbudgets, podDisruptionBudget()],
    [
      'an autoscaler',
      refs.horizontalpodautoscalers,
      of('autoscaling/v2', 'HorizontalPodAutoscaler', {
        maxReplicas: 3,
        scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
      }),
    ],
    [
      'a NetworkPolicy',
      refs.networkpolicies,
      of('networking.k8s.io/v1', 'NetworkPolicy', { podSelector: { matchLabels: labels }, policyTypes: ['Ingress'] }),
    ],
    [
      'an Ingress',
      refs.ingresses,
      of('networking.k8s.io/v1', 'Ingress', { defaultBackend: { service: { name: 'web', port: { number: 80 } } } }),
    ],
  ])('%s', async (_, ref, object) => {
    const objects = side.objects<KubeObject>(ref);
    const name = object.metadata.name ?? '';
    const before = (await objects.create(object)) as UnstructuredObject;
    await objects.delete(name, { gracePeriodSeconds: 0, propagationPolicy: 'Background' });
    const back = (await objects.create(asWritten(before))) as UnstructuredObject;
    expect(back.metadata.uid).not.toBe(before.metadata.uid);
    expect(asWritten(back)).toEqual(asWritten(before));
    await objects.delete(name, { gracePeriodSeconds: 0, propagationPolicy: 'Background' });
  });
});
