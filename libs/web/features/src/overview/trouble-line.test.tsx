// @vitest-environment jsdom
import { deployment, node, pod } from '@binnacle/testing-fixtures';
import type { KubeObject, UnstructuredObject } from '@binnacle/web-data';
import type { Tone } from '@binnacle/web-ui';
import { cleanup, screen, within } from '@testing-library/react';
import { afterEach, describe, expect, test } from 'vitest';
import { showPage } from '../testing/page.js';
import { attention, type Trouble } from './attention.js';
import { TroubleLine } from './trouble-line.js';

afterEach(cleanup);

const trouble = (id: string, object: KubeObject, tone: Tone, label: string, detail?: string): Trouble => ({
  id,
  object: object as UnstructuredObject,
  status: { tone, label, ...(detail && { detail }) },
});
const dead = trouble(
  'nodes',
  node({ status: { conditions: [{ type: 'Ready', status: 'Unknown' }] } }),
  'error',
  'NotReady',
);
/** A Pod on the dead node, of an owner of some kind. */
const lost = (name: string, kind: string, namespace = 'default') =>
  trouble(
    'pods',
    pod({
      metadata: {
        name,
        namespace,
        ownerReferences: [{ apiVersion: 'apps/v1', kind, name: `${kind} of ${name}`, uid: name, controller: true }],
      },
      spec: { nodeName: 'node-1' },
    }),
    'warn',
    'Running,NodeLost',
  );

function lineOf(...troubles: Trouble[]) {
  const [group] = attention(troubles);
  if (!group) throw new Error('there is no trouble');
  return showPage(<TroubleLine group={group} />);
}
const extent = () => screen.getByRole('button').textContent;

describe('what a cause has done is told in numbers', () => {
  test.each([
    [
      'of one kind of workload',
      [lost('a', 'StatefulSet'), lost('b', 'StatefulSet')],
      '2 Pods of 2 StatefulSets in 1 namespace',
    ],
    [
      'of several kinds',
      [lost('a', 'StatefulSet'), lost('b', 'DaemonSet', 'other')],
      '2 Pods of 2 workloads in 2 namespaces',
    ],
    ['of one Pod', [lost('a', 'DaemonSet')], '1 Pod of 1 DaemonSet in 1 namespace'],
  ])('%s', (_, pods, told) => {
    lineOf(dead, ...pods);
    expect(extent()).toBe(told);
  });

  test('and in none where it has done nothing', () => {
    lineOf(dead);
    expect(screen.queryByRole('button')).toBeNull();
  });

  test('with the longer reason, where there is one', () => {
    const stuck = trouble(
      'deployments.apps',
      deployment(),
      'error',
      'ProgressDeadlineExceeded',
      'it has timed out progressing',
    );
    const { container } = lineOf(stuck);
    expect(container.textContent).toContain(
      'Deployment/default/webProgressDeadlineExceededit has timed out progressing',
    );
  });
});

describe('behind it', () => {
  test('stand those it is about, each with its own word, and go away again', async () => {
    const { user } = lineOf(dead, lost('web-1', 'ReplicaSet'), lost('web-2', 'ReplicaSet'));
    await user.click(screen.getByRole('button', { name: /^Show what is affected by node-1:/ }));
    const members = screen.getByRole('list');
    const items = within(members).getAllByRole('listitem');
    expect(items.map(({ textContent }) => textContent)).toEqual([
      expect.stringMatching(/^Pod\/default\/web-1Running,NodeLost/),
      expect.stringMatching(/^Pod\/default\/web-2Running,NodeLost/),
    ]);
    await user.click(screen.getByRole('button', { name: /^Hide what is affected by node-1:/ }));
    expect(screen.queryByRole('list')).toBeNull();
  });

  test('stand a hundred at most, and how many more there are', async () => {
    const pods = Array.from({ length: 130 }, (_, at) => lost(`web-${at}`, 'ReplicaSet'));
    const { user } = lineOf(dead, ...pods);
    await user.click(screen.getByRole('button'));
    const items = within(screen.getByRole('list')).getAllByRole('listitem');
    expect(items).toHaveLength(101);
    expect(items.at(-1)?.textContent).toBe('30 more');
  });
});
