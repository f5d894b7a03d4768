// @vitest-environment jsdom
import type { Decision, DecisionNodes } from '@binnacle/apis-kubernetes/decisions/v1';
import { ANNOTATION_CONFIG_MIRROR } from '@binnacle/apis-kubernetes/well-known';
import { runningPod } from '@binnacle/testing-fixtures';
import type { UnstructuredObject } from '@binnacle/web-data';
import { accessibilityFindings } from '@binnacle/web-ui/testing';
import { cleanup, screen, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { showPage } from '../testing/page.js';
import { NO_SURROUNDINGS } from '../view/kind-view.js';
import { PodDecisions } from './pod-decisions.js';

const apiVersion = 'scheduling.binnacle.dev/v1';
const POD = runningPod('worker-2', '10.244.0.1', { metadata: { name: 'web-1', uid: 'u-1' } });

const decision = (
  id: number,
  status: Partial<Decision['status']> = {},
  spec: Partial<Decision['spec']> = {},
): Decision => ({
  apiVersion,
  kind: 'Decision',
  metadata: { name: `web-1.${id}`, namespace: 'default', uid: `d-${id}`, creationTimestamp: '2026-11-30T10:00:00Z' },
  spec: {
    podName: 'web-1',
    podUID: 'u-1',
    schedulerName: 'default-scheduler',
    attempt: id,
    queuedTime: '2026-11-30T10:00:00Z',
    queuedBy: 'NodeAdd',
    queuedByObject: 'Node/worker-2',
    revision: 7,
    ...spec,
  },
  status: {
    result: 'Scheduled',
    nodeName: 'worker-2',
    time: '2026-11-30T10:00:00.5Z',
    durationMicroseconds: 420,
    nodes: 4,
    feasibleNodes: 2,
    rejections: [
      { plugin: 'NodeResourcesFit', reason: 'Insufficient cpu', nodes: 1, exampleNodes: ['worker-3'] },
      { plugin: 'TaintToleration', reason: 'had a taint', nodes: 1, exampleNodes: ['worker-4'], unresolvable: true },
    ],
    bestNodes: [
      {
        node: 'worker-2',
        total: 150,
        plugins: [{ plugin: 'ImageLocality', raw: 77, score: 75, weight: 2, weighted: 150 }],
      },
    ],
    nodeDetail: true,
    ...status,
  },
});

const NODES: DecisionNodes = {
  apiVersion,
  kind: 'DecisionNodes',
  metadata: { name: 'web-1.1', namespace: 'default' },
  names: ['worker-1', 'worker-2', 'worker-3', 'worker-4'],
  verdicts: [-1, -1, 0, 1],
  refusals: [
    { plugin: 'NodeResourcesFit', reasons: ['Insufficient cpu'], unresolvable: false },
    { plugin: 'TaintToleration', reasons: ['had a taint'], unresolvable: true },
  ],
  columns: [{ plugin: 'ImageLocality', weight: 2, raw: [0, 77], scores: [0, 75] }],
};

let items: readonly Decision[];
let asked: string[];
let refusal: object | undefined;

beforeEach(() => {
  [items, asked, refusal] = [[decision(1)], [], undefined];
  vi.stubGlobal('fetch', async (path: string) => {
    asked.push(decodeURIComponent(path));
    if (refusal) return Response.json(refusal, { status: 403 });
    return Response.json(path.endsWith('/nodes') ? NODES : { kind: 'DecisionList', items });
  });
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

const show = (pod = POD, locale: 'en' | 'zh-CN' = 'en') => {
  const object = pod as unknown as UnstructuredObject;
  return showPage(<PodDecisions object={object} around={NO_SURROUNDINGS} />, { locale });
};
const map = () => screen.findByRole('group', { name: 'Nodes' });
const told = () => screen.getAllByRole('status').at(-1)?.textContent;

describe('why a Pod is where it is', () => {
  test('is told in words, of the very Pod', async () => {
    show();
    await screen.findByText('Scheduled on worker-2');
    const line = '2 of 4 nodes could take it · attempt 1 · because of NodeAdd of Node/worker-2 · decided in 420 µs';
    expect(screen.getByText(line)).toBeTruthy();
    expect(asked[0]).toContain('fieldSelector=spec.podName=web-1,spec.podUID=u-1');
  });

  test('is told by the best nodes, plugin by plugin', async () => {
    show();
    const table = within(await screen.findByRole('group', { name: 'Why here' }));
    expect(table.getByRole('columnheader', { name: 'ImageLocality' })).toBeTruthy();
    expect(table.getByText('150 (75 × 2; counted 77)')).toBeTruthy();
  });

  test('is a map that keys walk, telling what each node said, and opening it', async () => {
    const { user } = show();
    const nodes = await map();
    expect(nodes.querySelectorAll('[data-at]')).toHaveLength(4);
    nodes.focus();
    await user.keyboard('{ArrowRight}');
    expect(told()).toBe('worker-1: could take it, score 0');
    await user.keyboard('{ArrowRight}');
    expect(told()).toBe('worker-2: chosen, score 150');
    await user.keyboard('{End}');
    expect(told()).toBe('worker-4: refused by TaintToleration: had a taint');
    await user.keyboard('{Enter}');
    expect(window.location.pathname).toBe('/c/main/nodes/worker-4');
  });

  test('is a list of every node besides, the best first, in which one is found by its name', async () => {
    const { user } = show();
    const rows = async () => {
      const table = within(await screen.findByRole('group', { name: 'Every node' }));
      return table.getAllByRole('row').map(({ textContent }) => textContent);
    };
    expect(await rows()).toEqual([
      'NodeScoreSaid',
      'worker-2150chosen',
      'worker-10could take it',
      'worker-3–NodeResourcesFit: Insufficient cpu',
      'worker-4–TaintToleration: had a taint',
    ]);
    await user.type(screen.getByRole('textbox', { name: 'Find a node' }), '-3');
    expect(await rows()).toHaveLength(2);
  });

  test('a reason shows its nodes', async () => {
    const { user } = show();
    const nodes = await map();
    const button = screen.getByRole('button', { name: '1: Show these nodes on the map: Insufficient cpu' });
    await user.click(button);
    expect(button.getAttribute('aria-pressed')).toBe('true');
    const dim = [...nodes.querySelectorAll('[data-at]')].map(({ className }) => className.includes('opacity-20'));
    expect(dim).toEqual([true, true, false, true]);
    await user.click(button);
    expect(nodes.innerHTML).not.toContain('opacity-20');
  });

  test('is accessible', async () => {
    show();
    await map();
    expect(await accessibilityFindings()).toEqual([]);
  });

  test('is told in Chinese', async () => {
    show(POD, 'zh-CN');
    expect(await screen.findByText('已调度到 worker-2')).toBeTruthy();
    expect(await screen.findByRole('group', { name: '节点' })).toBeTruthy();
  });
});

describe('attempts', () => {
  test('that came before are looked at one by one', async () => {
    const preemption = { node: 'worker-1', victims: [{ namespace: 'shop', name: 'old', priority: 3 }], moreVictims: 1 };
    const failed: Partial<Decision['status']> = {
      result: 'Unschedulable',
      feasibleNodes: 0,
      bestNodes: [],
      message: '0/4 nodes',
      preemption,
    };
    const { nodeName: _, ...status } = decision(1, { ...failed, nodeDetail: false }).status;
    items = [decision(2), { ...decision(1), status }];
    const { user } = show();
    await user.click(await screen.findByRole('button', { name: 'Look at attempt 1' }));
    expect(screen.getByText('No node could take it')).toBeTruthy();
    expect(screen.getByText('Room is made on worker-1 by ending 2 Pods.')).toBeTruthy();
    expect(screen.getByText('1 more is not named.')).toBeTruthy();
    expect(screen.getByText(/only what was counted is kept/)).toBeTruthy();
    expect(screen.queryByRole('group', { name: 'Nodes' })).toBeNull();
  });

  test('of which nothing is kept are said to be none, and refused ones to be refused', async () => {
    items = [];
    show();
    expect(await screen.findByText('Nothing is kept of how this Pod got its node')).toBeTruthy();
    cleanup();
    refusal = { kind: 'Status', status: 'Failure', code: 403, reason: 'Forbidden', message: 'not yours' };
    show();
    expect(await screen.findByText(/not yours/)).toBeTruthy();
  });

  test('are not looked for of a static Pod, which no scheduler saw', () => {
    const annotations = { [ANNOTATION_CONFIG_MIRROR]: 'x' };
    show({ ...POD, metadata: { ...POD.metadata, annotations } });
    expect([document.body.textContent, asked]).toEqual(['', []]);
  });
});
