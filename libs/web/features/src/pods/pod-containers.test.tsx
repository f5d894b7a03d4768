// @vitest-environment jsdom
import type { ContainerStatus } from '@binnacle/apis-kubernetes/core/v1';
import { runningPod } from '@binnacle/testing-fixtures';
import type { UnstructuredObject } from '@binnacle/web-data';
import { cleanup, screen, within } from '@testing-library/react';
import { afterEach, describe, expect, test } from 'vitest';
import { type PageOptions, showPage } from '../testing/page.js';
import { RESOURCES } from '../testing/render.js';
import { NO_SURROUNDINGS } from '../view/kind-view.js';
import { PodContainers } from './pod-containers.js';

afterEach(cleanup);

const status = (
  name: string,
  state: ContainerStatus['state'],
  more: Partial<ContainerStatus> = {},
): ContainerStatus => ({
  name,
  image: 'i',
  imageID: '',
  ready: false,
  restartCount: 0,
  state: state ?? {},
  ...more,
});
const running = { running: { startedAt: '2026-01-01T00:00:00Z' } };

function containersOf(statuses: readonly ContainerStatus[], options: PageOptions & { lost?: boolean } = {}) {
  const pod = runningPod('node-1', '10.244.0.1', {
    spec: {
      containers: [
        {
          name: 'main',
          image: 'registry.example.com/web:1',
          ports: [{ containerPort: 80 }, { containerPort: 53, protocol: 'UDP' }],
        },
        { name: 'side', image: 'side:2' },
      ],
      initContainers: [{ name: 'setup', image: 'setup:3' }],
    },
    status: {
      containerStatuses: [...statuses],
      initContainerStatuses: [status('setup', { terminated: { exitCode: 0, reason: 'Completed' } })],
    },
  });
  const around = { ...NO_SURROUNDINGS, lostNodes: new Set(options.lost ? ['node-1'] : []) };
  return showPage(<PodContainers object={pod as unknown as UnstructuredObject} around={around} />, options);
}
const row = (name: string) => screen.getByText(name, { selector: 'p' }).closest('li') as HTMLElement;
const said = (name: string) => (row(name).textContent ?? '').replace(/\d+[a-z]\d*[a-z]*/g, '…');

describe('a container', () => {
  test.each<[string, ContainerStatus | undefined, RegExp]>([
    ['runs and is ready', status('main', running, { ready: true }), /^mainregistry\.example\.com\/web:1Running/],
    ['waits for its turn', status('main', { waiting: { reason: 'ContainerCreating' } }), /ContainerCreating/],
    ['cannot have its image', status('main', { waiting: { reason: 'ImagePullBackOff' } }), /ImagePullBackOff/],
    ['has ended well', status('main', { terminated: { exitCode: 0, reason: 'Completed' } }), /Completed/],
    ['has ended without a word', status('main', { terminated: { exitCode: 3 } }), /ExitCode:3/],
    ['has not been heard of', undefined, /Waiting/],
  ])('that %s is told so', (_, given, words) => {
    containersOf(given ? [given] : []);
    expect(row('main').textContent).toMatch(words);
  });

  test('is told with its ports, and where its log is', () => {
    containersOf([status('main', running)]);
    expect(row('main').textContent).toMatch(/80\/TCP53\/UDP/);
    expect(within(row('main')).getByRole('link', { name: 'Logs of main' }).getAttribute('href')).toBe(
      '/c/main/pods/default/pod-1?tab=logs&container=main',
    );
  });

  test('that was started again says how often, and how it ended last', () => {
    const lastState = { terminated: { exitCode: 137, reason: 'OOMKilled', finishedAt: '2026-01-01T00:00:00Z' } };
    containersOf([status('main', running, { restartCount: 2, lastState })]);
    expect(said('main')).toContain('Restarts: 2');
    expect(row('main').textContent).toContain('Last exit: OOMKilled, exit code 137');
  });

  test('on a node that is not heard from is not said to run; one that has ended has', () => {
    containersOf([status('main', running, { ready: true })], { lost: true });
    expect(row('main').textContent).toContain('Running,NodeLost');
    expect(row('setup').textContent).toContain('Completed');
    expect(row('setup').textContent).not.toContain('NodeLost');
  });
});

test('those that set up stand apart, and each group is counted', () => {
  containersOf([]);
  expect(screen.getAllByRole('heading').map((heading) => heading.parentElement?.textContent)).toEqual([
    'Containers2',
    'Init containers1',
  ]);
});

test('no way leads to a log that the server does not hand out', () => {
  const resources = RESOURCES.map((each) => (each.resource === 'pods' ? { ...each, subresources: ['status'] } : each));
  containersOf([status('main', running)], { resources });
  expect(screen.queryAllByRole('link')).toEqual([]);
});
