import { ANNOTATION_CONFIG_MIRROR } from '@binnacle/apis-kubernetes/well-known';
import { pod, runningPod } from '@binnacle/testing-fixtures';
import { describe, expect, test } from 'vitest';
import { sheetOf } from '../testing/kind-sheet.js';
import { html } from '../testing/render.js';
import { NO_SURROUNDINGS } from '../view/kind-view.js';
import type { UnstructuredObject } from '@binnacle/web-data';
import { podView } from './pod.js';

const ran = (overrides: Parameters<typeof runningPod>[2] = {}) => runningPod('node-1', '10.244.0.1', overrides);
const container = (state: object, more: object = {}) => ({
  name: 'main',
  image: 'nginx:1.29',
  imageID: '',
  ready: false,
  restartCount: 0,
  state,
  ...more,
});

describe('a Pod that runs', () => {
  const sheet = sheetOf('pods', ran());

  test('is told in a list by its state, its containers, its node and its address', () => {
    expect(sheet.columns).toEqual({
      status: 'Running',
      ready: '1/1',
      restarts: '0',
      node: 'node-1',
      ip: '10.244.0.1',
    });
  });

  test('is told on its page besides by how it is placed and treated', () => {
    expect(sheet.facts).toEqual({
      Ready: '1/1',
      Restarts: '0',
      Node: 'node-1',
      'Pod IP': '10.244.0.1',
      // Its time is told by the browser.
      Started: '',
      'Network policies': 'Who reaches it',
      'Grace period': '30 s',
      'QoS class': 'BestEffort',
      'Restart policy': 'Always',
      'Service account': '–',
    });
  });

  test('leads to its node and to its account', () => {
    const cells = podView.facts?.(
      ran({ spec: { serviceAccountName: 'builder' } }) as unknown as UnstructuredObject,
      ((key: string) => key) as never,
    );
    const said = cells?.map(({ value }) => html(<>{value}</>)).join('') ?? '';
    expect(said).toContain('href="/c/main/nodes/node-1"');
    expect(said).toContain('href="/c/main/serviceaccounts/default/builder"');
  });

  test('is found by what its cell says and by the number behind it', () => {
    expect(sheet.told).toEqual({ ready: '1/1' });
    expect(sheet.values).toMatchObject({ ready: 1, restarts: 0, node: 'node-1', ip: '10.244.0.1', status: 'Running' });
  });
});

describe('a Pod is told as kubectl tells it', () => {
  test.each([
    ['that has no node yet', pod(), 'progress Pending', { ready: '0/1', node: '–', ip: '–' }],
    [
      'that fits on no node',
      pod({
        status: {
          conditions: [
            {
              type: 'PodScheduled',
              status: 'False',
              reason: 'Unschedulable',
              message: '0/3 nodes are available: 3 Insufficient cpu.',
            },
          ],
        },
      }),
      'warn Pending 0/3 nodes are available: 3 Insufficient cpu.',
      { node: '–' },
    ],
    [
      'whose image cannot be had',
      pod({
        spec: { nodeName: 'node-1' },
        status: {
          containerStatuses: [
            container({ waiting: { reason: 'ImagePullBackOff', message: 'Back-off pulling image "nowhere"' } }),
          ],
        },
      }),
      'error ImagePullBackOff Back-off pulling image "nowhere"',
      { status: 'ImagePullBackOff', ready: '0/1', node: 'node-1' },
    ],
    [
      'that has been started again and again',
      ran({
        status: {
          containerStatuses: [
            container(
              { running: { startedAt: '2026-01-01T00:00:00Z' } },
              {
                ready: true,
                restartCount: 4,
                lastState: { terminated: { exitCode: 1, finishedAt: '2025-12-31T23:59:00Z' } },
              },
            ),
          ],
        },
      }),
      'ok Running',
      { ready: '1/1', restarts: '4 ( )' },
    ],
    [
      'that has done its work',
      ran({
        status: {
          phase: 'Succeeded',
          containerStatuses: [container({ terminated: { exitCode: 0, reason: 'Completed' } })],
        },
      }),
      'idle Completed',
      { ready: '0/1' },
    ],
    [
      'that is to go',
      ran({ metadata: { deletionTimestamp: '2026-01-01T00:00:30Z', deletionGracePeriodSeconds: 30 } }),
      'progress Terminating',
      { ready: '1/1' },
    ],
  ])('one %s', (_, object, status, columns) => {
    const sheet = sheetOf('pods', object);
    expect(sheet.status).toBe(status);
    expect(sheet.columns).toMatchObject(columns);
  });

  test('and one on a node that is not heard from is told with that', () => {
    const sheet = sheetOf('pods', ran(), { around: { lostNodes: new Set(['node-1']) } });
    expect(sheet.status).toBe('warn Running,NodeLost Node node-1 is silent: this is the last it has said.');
    // Read as one word, drawn as two, of which the first gives way.
    expect(sheet.columns.status).toBe('Running,NodeLost Running ,NodeLost');
  });
});

describe('deleting a Pod', () => {
  const owner = { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'web-1', uid: 'u', controller: true };
  test.each([
    ['nobody owns', pod(), 'It is stopped within 30 s. Nothing starts it again: no controller owns it.'],
    [
      'a controller owns',
      pod({ metadata: { ownerReferences: [owner] }, spec: { terminationGracePeriodSeconds: 5 } }),
      'It is stopped within 5 s, and ReplicaSet/web-1 starts another in its place.',
    ],
    [
      'somebody is only named beside',
      pod({ metadata: { ownerReferences: [{ ...owner, controller: false }] } }),
      'It is stopped within 30 s. Nothing starts it again: no controller owns it.',
    ],
    [
      'a node has of itself',
      pod({ metadata: { annotations: { [ANNOTATION_CONFIG_MIRROR]: 'hash' } } }),
      'This is the mirror of a static Pod: the node puts it back at once, and the Pod itself goes on running.',
    ],
  ])('that %s is told by what comes of it', (_, object, loss) => {
    expect(sheetOf('pods', object).loss).toBe(loss);
  });

  test('is told in the language of the page', () => {
    expect(sheetOf('pods', pod(), { locale: 'zh-CN' }).loss).toMatch(/30/);
    expect(sheetOf('pods', pod(), { locale: 'zh-CN' }).loss).not.toMatch(/stopped|Nothing/);
  });
});

test('a Pod has logs, is not put back, and needs to know its node', () => {
  expect(podView).toMatchObject({ needs: 'nodes', actions: { logs: true, fleeting: true } });
  expect(podView.status?.(ran() as unknown as UnstructuredObject, NO_SURROUNDINGS)?.label).toBe('Running');
});
