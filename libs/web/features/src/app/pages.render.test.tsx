import { event, pod, runningPod, service } from '@binnacle/testing-fixtures';
import type { Knowledge, UnstructuredObject } from '@binnacle/web-data';
import type { ReactNode } from 'react';
import { describe, expect, test } from 'vitest';
import { Conditions } from '../detail/conditions.js';
import { DetailPage } from '../detail/detail-page.js';
import { OwnerChain } from '../detail/owner-chain.js';
import { PairsPanel } from '../detail/pairs-panel.js';
import { SummaryTab } from '../detail/summary-tab.js';
import { EventList } from '../events/event-list.js';
import { type Locale, LOCALES } from '../messages/index.js';
import { AttentionPanel } from '../overview/attention-panel.js';
import { OverviewPage } from '../overview/overview-page.js';
import { WarningList } from '../overview/warning-list.js';
import { Breadcrumb } from '../shell/breadcrumb.js';
import { ConnectionBar } from '../shell/connection-bar.js';
import { LiveIndicator } from '../shell/live-indicator.js';
import { NoSuchCluster, NotFoundPage } from '../shell/not-found-page.js';
import { PastBar } from '../shell/past-bar.js';
import { Shell } from '../shell/shell.js';
import { Sidebar } from '../shell/sidebar.js';
import { SignInPage } from '../sign-in/sign-in-page.js';
import { html, RESOURCES, resource, served, text } from '../testing/render.js';
import { KindsPage } from '../list/kinds-page.js';
import { ListPage } from '../list/list-page.js';
import { ListEmpty, ListFault } from '../list/list-states.js';

const untyped = (object: object) => object as unknown as UnstructuredObject;
const current: Knowledge = { certainty: 'current', asOf: 0 } as Knowledge;
const status = (code: number, message: string) =>
  ({ kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', code, message }) as never;
const PODS = served('pods');
const nothing = () => undefined;
const session = { user: 'alice', groups: ['binnacle:editors'] } as never;

const PAGES: Readonly<Record<string, ReactNode>> = {
  'a list': <ListPage id="pods" />,
  'a list of a kind that has no columns of ours': <ListPage id="serviceaccounts" />,
  'an object': <DetailPage id="pods" objectRef={{ namespace: 'default', name: 'pod-1' }} />,
  'the front page': <OverviewPage />,
  'all kinds': <KindsPage />,
  'signing in': <SignInPage />,
  'a page that is not there': <NotFoundPage />,
  'a cluster that is not there': <NoSuchCluster name="nowhere" />,
  'the frame of every page': (
    <Shell session={session}>
      <p>the page</p>
    </Shell>
  ),
};

describe.each(Object.entries(PAGES))('%s', (_, page) => {
  test.each(LOCALES)('is drawn at once, before anything is heard of the cluster (%s)', (locale: Locale) => {
    const said = text(page, { locale });
    expect(said).not.toBe('');
    expect(said).not.toMatch(/\bundefined\b|\bNaN\b|\[object /);
  });

  test('names what can be pressed', () => {
    const buttons = [...html(page).matchAll(/<button\b([^>]*)>(.*?)<\/button>/gs)];
    for (const [, attributes = '', inner = ''] of buttons) {
      const named = /aria-label(ledby)?="[^"]+"/.test(attributes) || inner.replaceAll(/<[^>]+>/g, '').trim() !== '';
      expect(named, `<button${attributes}>`).toBe(true);
    }
  });

  test('has one first heading at most', () => {
    expect(html(page).match(/<h1\b/g)?.length ?? 0).toBeLessThanOrEqual(1);
  });
});

describe('a list', () => {
  test('of what the server does not serve says so', () => {
    expect(text(<ListPage id="widgets.example.com" />)).toContain('widgets.example.com');
    expect(text(<DetailPage id="widgets.example.com" objectRef={{ namespace: '', name: 'a' }} />)).toContain(
      'widgets.example.com',
    );
  });

  test('that may not be seen is told from one that failed, in the words of the server', () => {
    const denied = text(<ListFault error={status(403, 'User "alice" cannot list secrets')} />);
    expect(denied).toBe('You may not see this The server says: User "alice" cannot list secrets');
    const failed = text(<ListFault error={status(500, 'etcd is away')} />);
    expect(failed).toBe('This could not be loaded etcd is away');
  });

  test('that is empty is told from one that a filter has emptied, and what would be found is offered', () => {
    const empty = (total: number, suggestions: readonly string[] = []) =>
      text(
        <ListEmpty
          resource={PODS}
          title="Pods"
          namespace="shop"
          total={total}
          suggestions={suggestions}
          onSuggestion={nothing}
          knowledge={current}
          onClear={nothing}
        />,
      );
    expect(empty(0)).toMatch(/^No Pods in shop .* kubectl get pods -n shop -w$/);
    expect(empty(7, ['status:Pending'])).toMatch(
      /^Nothing fits the filter 7 objects do not fit it\..* status:Pending Clear filter$/,
    );
  });

  test('of all kinds has a row for every one the server serves', () => {
    const said = html(<KindsPage />, { resources: [...RESOURCES, resource('widgets.example.com', 'Widget')] });
    expect(said).toContain(`aria-rowcount="${RESOURCES.length + 2}"`);
  });
});

describe('the way around', () => {
  test('leads to the kinds the server serves, keeps the namespace, and says where one is', () => {
    const said = html(<Sidebar />, { search: 'ns=shop', path: '/c/main/pods' });
    const links = [...said.matchAll(/<a\b[^>]*>/g)].map(([tag]) => tag);
    expect(links.filter((tag) => tag.includes('aria-current="page"'))).toEqual([
      expect.stringContaining('href="/c/main/pods?ns=shop"'),
    ]);
    expect(links.filter((tag) => tag.includes('/c/main') && !tag.includes('ns=shop'))).toEqual([]);
    expect(html(<Sidebar />, { resources: [] })).not.toContain('/c/main/pods');
  });

  test('is told as a trail from the front page to the object', () => {
    const trail = text(<Breadcrumb />, { path: '/c/main/pods/default/pod-1' });
    expect(trail).toBe('Pods default pod-1');
  });

  test('says at first that it is connecting, and no more', () => {
    expect(text(<LiveIndicator />)).toBe('Connecting');
    expect(text(<ConnectionBar />)).toBe('');
  });
});

describe('the past', () => {
  test('is not spoken of in the present', () => {
    expect(text(<PastBar />)).toBe('');
  });

  test.each(LOCALES)('says which moment is seen, and leads back (%s)', (locale: Locale) => {
    const cluster = 'main@2026-11-29T10:00:00Z';
    expect(text(<PastBar />, { locale, cluster })).toMatch(/main.*2026.*10:00:00/);
    expect(text(<PastBar />, { locale, cluster: 'lab@42' })).toMatch(/lab.*42/);
    expect(html(<PastBar />, { locale, cluster })).toContain('href="/c/main"');
  });
});

describe('of an object', () => {
  test('the summary tells when it was made, what it is called and what it carries', () => {
    const labelled = pod({
      metadata: { labels: { app: 'web' }, annotations: { note: 'x' }, finalizers: ['example.com/hold'] },
    });
    const said = text(<SummaryTab object={untyped(labelled)} resource={PODS} />);
    expect(said).toContain('Namespace default Created Jan 1, 2026, 12:00:00 AM UTC');
    expect(said).toContain('Finalizers example.com/hold');
    expect(said).toContain('Labels 1 app = web Annotations 1 note = x');
  });

  test('the owners are a way up', () => {
    const owned = pod({
      metadata: {
        ownerReferences: [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'web-1', uid: 'u', controller: true }],
      },
    });
    expect(html(<OwnerChain object={untyped(owned)} />)).toContain('/c/main/replicasets.apps/default/web-1');
    expect(text(<OwnerChain object={untyped(pod())} />)).toBe('');
  });

  test('conditions are told with their reasons', () => {
    const said = text(<Conditions object={untyped(runningPod('n', '10.244.0.1'))} />);
    expect(said).toBe('Conditions PodScheduled True Initialized True ContainersReady True Ready True');
    expect(text(<Conditions object={untyped(service())} />)).toBe('');
  });

  test('pairs are told whole', () => {
    expect(text(<PairsPanel title="Labels" pairs={{ app: 'web', tier: '' }} />)).toBe('Labels 2 app = web tier =');
    expect(text(<PairsPanel title="Labels" />)).toBe('Labels 0 None');
  });
});

test('Events are told with whom they are about and how often', () => {
  const events = [untyped(event({ count: 3, type: 'Warning', reason: 'BackOff', message: 'it waits' }))];
  expect(text(<EventList events={events} />)).toBe('BackOff default-scheduler it waits ×3');
  expect(text(<WarningList warnings={events} />)).toBe('BackOff Pod/default/ pod-1 default-scheduler it waits ×3');
});

test('what needs attention is nothing where all is well', () => {
  expect(text(<AttentionPanel troubles={[]} knowledge={current} />)).toBe(
    'Needs attention 0 Nothing needs attention No node, Deployment, Pod or Service is failing.',
  );
});
