import { openApiV3 } from '@binnacle/apis-schema';
import { describe, expect, it } from 'vitest';
import type { Decision } from '../index.js';
import { decisions } from './definition.js';
import { printer } from './printer.js';
import { TEXTS } from './texts.js';

const now = Date.parse('2026-11-30T12:00:00Z');

const decision: Decision = {
  apiVersion: 'scheduling.binnacle.dev/v1',
  kind: 'Decision',
  metadata: { name: 'web-0.7', namespace: 'shop', creationTimestamp: '2026-11-30T11:55:00Z' },
  spec: {
    podName: 'web-0',
    podUID: 'u-1',
    schedulerName: 'default-scheduler',
    attempt: 3,
    queuedTime: '2026-11-30T11:54:00.000Z',
    queuedBy: 'NodeAdd',
    revision: 42,
  },
  status: {
    result: 'Scheduled',
    nodeName: 'worker-1',
    time: '2026-11-30T11:55:00.120Z',
    durationMicroseconds: 254,
    nodes: 3,
    feasibleNodes: 2,
    rejections: [{ plugin: 'NodeName', reason: 'node(s) were cordoned', nodes: 1, exampleNodes: ['worker-3'] }],
    bestNodes: [],
    nodeDetail: true,
  },
};

describe('a decision', () => {
  it('is printed in one line', () => {
    const narrow = ['web-0.7', 'web-0', 'Scheduled', 'worker-1', '2/3', 3, '5m'];
    expect(printer.row(decision, now)).toEqual([...narrow, 'NodeAdd', '0.25ms', 42, '1 node(s) were cordoned']);
  });

  it('tells where room is made while no node was found, and why the Pod failed where no node is to blame', () => {
    const failed = { ...decision.status, nodeName: undefined, rejections: [], durationMicroseconds: 23_400 };
    const preempting = { ...failed, preemption: { node: 'worker-2', victims: [] } } as unknown as Decision['status'];
    const cells = printer.row({ ...decision, status: preempting }, now);
    expect([cells[3], cells[8]]).toEqual(['worker-2', '23ms']);
    const told = { ...failed, message: 'no nodes' } as unknown as Decision['status'];
    expect(printer.row({ ...decision, status: told }, now).at(-1)).toBe('no nodes');
  });

  it('is selected by its Pod, node and result', () => {
    const selected = Object.entries(decisions.fields).map(([field, read]) => [field, read(decision as never)]);
    expect(Object.fromEntries(selected)).toEqual({
      'spec.podName': 'web-0',
      'spec.podUID': 'u-1',
      'spec.schedulerName': 'default-scheduler',
      'status.nodeName': 'worker-1',
      'status.result': 'Scheduled',
    });
  });

  it('is read and never written as an object', () => {
    expect(decisions.verbs).toEqual(['get', 'list']);
  });

  it('is explained, every field of it', async () => {
    const group = { group: 'scheduling.binnacle.dev', version: 'v1' };
    const document = JSON.stringify(await openApiV3(group, [decisions], 'v1'));
    for (const said of Object.values(TEXTS).flatMap((texts) => Object.values(texts))) expect(document).toContain(said);
  });
});
