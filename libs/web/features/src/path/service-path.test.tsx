// @vitest-environment jsdom
import type { Lane } from '@binnacle/apis-request-path';
import { endpointSlice, runningPod, service } from '@binnacle/testing-fixtures';
import type { UnstructuredObject } from '@binnacle/web-data';
import { act, cleanup, screen, waitFor, within } from '@testing-library/react';
import { afterEach, describe, expect, test } from 'vitest';
import type { Locale } from '../messages/index.js';
import { showPage } from '../testing/page.js';
import { NO_SURROUNDINGS } from '../view/kind-view.js';
import { drawnOf } from './path-panel.js';
import { ServicePath } from './service-path.js';

afterEach(cleanup);

const web = service();
const pod = runningPod('node-1', '10.244.0.1', { metadata: { name: 'web-1', labels: { app: 'web' } } });
const slice = endpointSlice({
  endpoints: [{ addresses: ['10.244.0.1'], conditions: { ready: true }, targetRef: { kind: 'Pod', name: 'web-1' } }],
});
const nobody = {
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { name: 'nobody', namespace: 'default' },
  spec: { podSelector: {}, policyTypes: ['Ingress'] },
};
const show = (objects: readonly object[], object: object = web, locale: Locale = 'en') =>
  showPage(<ServicePath object={object as UnstructuredObject} around={NO_SURROUNDINGS} />, {
    objects: objects as never,
    locale,
  });
const steps = async () => {
  const list = await screen.findByRole('list', { name: 'Steps of 80/TCP' });
  return within(list)
    .getAllByRole('listitem')
    .filter((item) => item.parentElement === list);
};

describe('the way to a Service', () => {
  test('has all its steps in their order, and leads on to what they are', async () => {
    show([pod, slice]);
    expect(await screen.findByText('Open')).toBeTruthy();
    const said = (await steps()).map(({ textContent }) => textContent);
    expect(said.map((text) => /^(Address|Port|Service|Target port|Pods)/.exec(text ?? '')?.[0])).toEqual([
      'Address',
      'Port',
      'Service',
      'Target port',
      'Pods',
    ]);
    expect([said[0], said[3], said[4]]).toEqual([
      expect.stringContaining('10.96.0.10:80'),
      expect.stringContaining('8080'),
      expect.stringContaining('web-1'),
    ]);
    expect(screen.getByRole('link', { name: 'web-1' }).getAttribute('href')).toBe('/c/main/pods/default/web-1');
  });

  test('breaks when its last Pod has gone, at once, and says where', async () => {
    const { line } = show([pod, slice]);
    await screen.findByText('Open');
    act(() => line.drop(pod, slice));
    expect(await screen.findByText('Broken at: Service')).toBeTruthy();
    expect(screen.getByText('No Pod of this namespace has the labels app=web.')).toBeTruthy();
  });

  test('is told in Chinese too', async () => {
    show([], web, 'zh-CN');
    expect(await screen.findByText('中断于：Service')).toBeTruthy();
    expect(screen.getByText('此命名空间中没有 Pod 带有标签 app=web。')).toBeTruthy();
  });

  test('breaks at a policy that lets nobody in, and names it', async () => {
    const other = runningPod('node-1', '10.244.0.2', { metadata: { name: 'web-2', labels: { app: 'web' } } });
    const both = endpointSlice({ endpoints: [{ addresses: ['10.244.0.1'] }, { addresses: ['10.244.0.2'] }] });
    show([pod, other, both, nobody]);
    expect(await screen.findByText('Broken at: Pods')).toBeTruthy();
    expect(screen.getByText('Pods (2)')).toBeTruthy();
    expect(screen.getByText('Network policies let nobody in at 8080/TCP: nobody.')).toBeTruthy();
  });

  test('claims nothing of what may not be seen', async () => {
    const { line } = show([slice]);
    line.refuse('pods', 403, 'not you');
    await waitFor(() => expect(screen.getByText('You may not see what stands here')).toBeTruthy());
    expect(screen.queryByText(/No Pod of this namespace/)).toBeNull();
  });
});

test('of many ways those that are not open are drawn', () => {
  const lane = (id: string, text: string): Lane => ({
    id,
    stages: [{ kind: 'pods', stops: text ? [{ kind: 'pod', text, faults: [] }] : [], faults: [], unseen: 'refused' }],
  });
  const open = ['1', '2', '3'].map((id) => lane(id, 'web-1'));
  expect(drawnOf(open)).toEqual(new Set(['1', '2', '3']));
  expect(drawnOf([...open, lane('4', '')])).toEqual(new Set(['4']));
});
