// @vitest-environment jsdom
import type { SubscribeMessage, UnstructuredObject } from '../index.js';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { act, cleanup, renderHook } from '@testing-library/react';
import { type ReactNode, StrictMode } from 'react';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { LiveClient, type LiveHandlers, type LiveTransport } from '../live/live-client.js';
import type { LiveQuery } from '@binnacle/machinery-live';
import { type Resource, ResourceIndex } from '../resources.js';
import { ClusterProvider, useCluster } from './cluster.js';
import { useKindsFollower } from './kinds-follower.js';
import { LiveProvider, useKnowledge, useLive, useLiveClient } from './live.js';
import { useNow } from './now.js';

let handlers: LiveHandlers;
let subscribed: SubscribeMessage[];
let unsubscribed: string[];
let client: LiveClient;
const transport: LiveTransport = {
  start: (given) => void (handlers = given),
  subscribe: (message) => {
    subscribed.push(message);
    return Promise.resolve({ ok: true });
  },
  followRights: () => new Promise(() => undefined),
  unsubscribe: (id) => void unsubscribed.push(id),
  reopen: () => undefined,
  stop: () => undefined,
};

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000 });
  [subscribed, unsubscribed] = [[], []];
  const clock = {
    now: () => Date.now(),
    after: (delay: number, run: () => void) => {
      const timer = setTimeout(run, delay);
      return () => clearTimeout(timer);
    },
  };
  client = new LiveClient(transport, clock, () => undefined);
});
afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

const within = ({ children }: { children: ReactNode }) => <LiveProvider client={client}>{children}</LiveProvider>;
const query = (resource: string): LiveQuery => ({ cluster: 'main', group: '', version: 'v1', resource });
const object = (name: string, resourceVersion = '1'): UnstructuredObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, uid: name, resourceVersion },
});
const settle = (milliseconds = 50) => act(async () => void (await vi.advanceTimersByTimeAsync(milliseconds)));
const connect = () => act(() => handlers.connected());
const snapshot = (id: string, ...items: UnstructuredObject[]) =>
  act(() => handlers.message('snapshot', { id, items, first: true, last: true, resourceVersion: '5' }));

describe('a live list', () => {
  const list = (first: LiveQuery | undefined) =>
    renderHook(({ asked }) => useLive(asked), { wrapper: within, initialProps: { asked: first } });

  test('is loading, and then what the server sends', async () => {
    const { result } = list(query('pods'));
    connect();
    expect(result.current.phase).toBe('loading');
    snapshot('1', object('a'));
    await settle();
    expect(result.current).toMatchObject({ phase: 'live', items: [{ metadata: { name: 'a' } }] });
  });

  test('of nothing is nothing, and asks for nothing', async () => {
    const { result } = list(undefined);
    await settle();
    expect(result.current).toMatchObject({ phase: 'absent', items: [] });
    expect(subscribed).toEqual([]);
  });

  test('of something else never shows what was before', async () => {
    const { result, rerender } = list(query('pods'));
    connect();
    snapshot('1', object('a'));
    await settle();
    rerender({ asked: query('nodes') });
    expect(result.current).toMatchObject({ phase: 'loading', items: [] });
    expect(subscribed.at(-1)).toMatchObject({ resource: 'nodes' });
  });

  test('that is asked for again with the same words is the same', async () => {
    const { rerender } = list(query('pods'));
    connect();
    rerender({ asked: { ...query('pods') } });
    await settle();
    expect(subscribed).toHaveLength(1);
  });

  test('is given up a while after nobody looks, even where effects run twice', async () => {
    const { unmount } = renderHook(() => useLive(query('pods')), {
      wrapper: ({ children }) => <StrictMode>{within({ children })}</StrictMode>,
    });
    connect();
    unmount();
    await settle(19_000);
    expect(unsubscribed).toEqual([]);
    await settle(2_000);
    expect(unsubscribed).toEqual(['1']);
  });

  test('is known as far as the least of those it is told with', async () => {
    const { result } = renderHook(
      () => {
        const [pods, nodes] = [useLive(query('pods')), useLive(query('nodes'))];
        return useKnowledge(pods, nodes).certainty;
      },
      { wrapper: within },
    );
    connect();
    snapshot('1', object('a'));
    await settle();
    expect(result.current).toBe('loading');
    snapshot('2', object('n'));
    await settle();
    expect(result.current).toBe('current');
    act(() => handlers.disconnected());
    await settle();
    expect(result.current).toBe('stale');
  });
});

test('what stands outside what it needs says so', () => {
  vi.spyOn(console, 'error').mockImplementation(() => undefined);
  expect(() => renderHook(() => useLiveClient())).toThrow('outside a LiveProvider');
  expect(() => renderHook(() => useCluster())).toThrow('outside a ClusterProvider');
  vi.restoreAllMocks();
});

describe('the kinds of a cluster', () => {
  const DEFINITIONS: Resource = {
    group: 'apiextensions.k8s.io',
    version: 'v1',
    resource: 'customresourcedefinitions',
    kind: 'CustomResourceDefinition',
    namespaced: false,
    verbs: [],
    shortNames: [],
    subresources: [],
  };
  function follow(resources: readonly Resource[]) {
    const queries = new QueryClient();
    const asked = vi.spyOn(queries, 'invalidateQueries').mockResolvedValue(undefined);
    renderHook(() => useKindsFollower(), {
      wrapper: ({ children }) => (
        <QueryClientProvider client={queries}>
          <LiveProvider client={client}>
            <ClusterProvider cluster="main" resources={new ResourceIndex(resources)}>
              {children}
            </ClusterProvider>
          </LiveProvider>
        </QueryClientProvider>
      ),
    });
    if (resources.length > 0) connect();
    return () => asked.mock.calls.map(([filters]) => filters?.queryKey?.join(' '));
  }
  const ALL = ['discovery main', 'table main', 'printed main', 'schema main'];

  test('are asked for anew when a definition comes, soon and once more when it is served', async () => {
    const asked = follow([DEFINITIONS]);
    snapshot('1');
    await settle(2_000);
    expect(asked()).toEqual([]);
    act(() =>
      handlers.message('changes', {
        id: '1',
        resourceVersion: '6',
        changes: [{ type: 'ADDED', object: object('crd') }],
      }),
    );
    await settle(250);
    expect(asked()).toEqual(ALL);
    await settle(1_500);
    expect(asked()).toEqual([...ALL, ...ALL]);
  });

  test('that were there before may have been missed by whoever asked first', async () => {
    const asked = follow([DEFINITIONS]);
    snapshot('1', object('crd'));
    await settle(300);
    expect(asked()).toEqual(ALL);
  });

  test('are left alone while nothing changes, and definitions are asked for without what they hold', async () => {
    const asked = follow([DEFINITIONS]);
    snapshot('1', object('crd'));
    await settle(3_000);
    const before = asked().length;
    act(() => handlers.message('bookmark', { id: '1', resourceVersion: '9' }));
    await settle(3_000);
    expect(asked()).toHaveLength(before);
    expect(subscribed[0]).toMatchObject({ resource: 'customresourcedefinitions', metadataOnly: true });
  });

  test('of a server without definitions are followed by nobody', async () => {
    const asked = follow([]);
    await settle(3_000);
    expect(subscribed).toEqual([]);
    expect(asked()).toEqual([]);
  });
});

describe('the time', () => {
  test('moves once a second for all who look, and for nobody else', async () => {
    const [one, two] = [renderHook(() => useNow()), renderHook(() => useNow())];
    const running = vi.getTimerCount();
    await settle(1_000);
    expect([one.result.current, two.result.current]).toEqual([1_001_000, 1_001_000]);
    one.unmount();
    expect(vi.getTimerCount()).toBe(running);
    two.unmount();
    expect(vi.getTimerCount()).toBe(running - 1);
  });

  test('is the right one at once for who looks again after a while', () => {
    renderHook(() => useNow()).unmount();
    vi.setSystemTime(9_000_000);
    expect(renderHook(() => useNow()).result.current).toBe(9_000_000);
  });
});
