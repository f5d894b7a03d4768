// @vitest-environment jsdom
import { clusterPrefix } from '@binnacle/machinery-meta';
import { accessibilityFindings, layOut } from '@binnacle/web-ui/testing';
import { cleanup, screen, waitFor } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { LOCALES } from '../messages/index.js';
import { answerWith, type AskedRequest, refusal } from '../testing/answers.js';
import { showPage } from '../testing/page.js';
import { ReachabilityPage } from './reachability-page.js';

const REVIEW = 'POST /apis/networking.binnacle.dev/v1/reachabilityreviews';
const ADDRESS = '/c/main/reachability?from=web&fromIn=shop&to=db&toIn=data';

const open_ = { allowed: true, reason: 'NotIsolated', message: '…', policies: [] };
const byRule = { ...open_, reason: 'Rule', policies: ['deny', 'from-web'], rule: { policy: 'from-web', index: 1 } };
const dropped = { allowed: false, reason: 'NoRule', message: '…', policies: ['deny'], more: 900 };
const withheld = { allowed: true, reason: 'Withheld', message: '…', policies: [] };
const path = {
  namespace: 'data',
  pod: 'db',
  ip: '10.0.0.1',
  port: 5432,
  allowed: true,
  egress: open_,
  ingress: byRule,
};
const answer = (paths: readonly object[], more: object = {}) => ({
  status: { allowed: true, message: '', incomplete: false, paths, ...more },
});

const policy = (resourceVersion: string) => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { name: 'deny', namespace: 'data', uid: 'p', resourceVersion },
  spec: { podSelector: {} },
});
const pod = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'db', namespace: 'data', uid: 'db' },
  spec: { containers: [{ name: 'c', image: 'i', ports: [{ containerPort: 5432 }] }] },
};

let told: object;
let asked: AskedRequest[];
beforeEach(() => {
  layOut();
  told = answer([path]);
  asked = answerWith({ [REVIEW]: () => told });
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});
const reviews = () => asked.filter(({ method }) => method === 'POST');

describe('who reaches whom', () => {
  test('is told with the rule that lets it through, and both ways to it', async () => {
    showPage(<ReachabilityPage />, { address: `${ADDRESS}&port=5432` });
    expect(await screen.findByText('shop/web reaches data/db at TCP 5432')).toBeTruthy();
    expect(screen.getByText('spec.ingress[1]')).toBeTruthy();
    const links = screen.getAllByRole('link', { name: 'from-web' });
    expect(links[0]?.getAttribute('href')).toBe('/c/main/networkpolicies.networking.k8s.io/data/from-web');
    expect(reviews()[0]?.body).toMatchObject({
      spec: { from: { namespace: 'shop', pod: 'web' }, to: { namespace: 'data', pod: 'db' }, port: 5432 },
    });
  });

  test('is asked at the first port that the target has, and not before that is known', async () => {
    showPage(<ReachabilityPage />, { address: ADDRESS, objects: [pod] });
    await screen.findByText('shop/web reaches data/db at TCP 5432');
    expect(reviews().map(({ body }) => body)).toMatchObject([{ spec: { port: 5432 } }]);
  });

  test('is asked anew when a policy changes, and says what has become of it', async () => {
    const { line } = showPage(<ReachabilityPage />, { address: ADDRESS, objects: [policy('1')] });
    await screen.findByText(/shop\/web reaches data\/db/);
    await waitFor(() => expect(line.subscriptions.map(({ resource }) => resource)).toContain('networkpolicies'));
    told = answer([{ ...path, allowed: false, ingress: dropped }], { allowed: false });
    line.put(policy('2'));
    expect(await screen.findByText(/shop\/web does not reach data\/db/)).toBeTruthy();
    expect(screen.getByText('dropped')).toBeTruthy();
    expect(screen.getByText('and 900 more')).toBeTruthy();
  });

  test('is told of each endpoint of a Service, and of those one may not see no more than that', async () => {
    const { pod: _name, namespace: _namespace, ...hidden } = path;
    const refused = { ...path, pod: 'db-1', ip: '10.0.0.2', allowed: false, ingress: dropped };
    told = answer([refused, { ...hidden, ingress: withheld }], { allowed: false, partly: true, incomplete: true });
    showPage(<ReachabilityPage />, { address: '/c/main/reachability?from=web&to=db&toKind=service' });
    expect(await screen.findByText(/reaches some of the endpoints of default\/db/)).toBeTruthy();
    expect(screen.getByRole('link', { name: 'db-1' })).toBeTruthy();
    expect(screen.getByText('You may not see what says so.')).toBeTruthy();
    expect(screen.getByText('There are more endpoints than these.')).toBeTruthy();
  });

  test('says so where it leads nowhere', async () => {
    told = answer([], { allowed: false });
    showPage(<ReachabilityPage />, { address: ADDRESS });
    expect(await screen.findByText(/data\/db leads nowhere/)).toBeTruthy();
  });

  test('is asked of the past as it was then', async () => {
    const past = 'main@100';
    asked = answerWith({ [REVIEW.replace('/apis', `${clusterPrefix(past)}/apis`)]: () => told });
    const address = `/c/${encodeURIComponent(past)}/reachability?from=web&fromIn=shop&to=db&toIn=data&port=5432`;
    showPage(<ReachabilityPage />, { cluster: past, address });
    expect(await screen.findByText('shop/web reaches data/db at TCP 5432')).toBeTruthy();
  });

  test('waits for the question, which is typed', async () => {
    const { user } = showPage(<ReachabilityPage />, { address: '/c/main/reachability?fromIn=shop&toIn=data' });
    await screen.findByText('Say who asks whom');
    await user.type(screen.getByLabelText('Pod', { selector: 'fieldset:first-of-type input' }), 'web');
    expect(reviews()).toEqual([]);
    await user.type(screen.getAllByLabelText('Pod')[1] as HTMLElement, 'db');
    await screen.findByText(/shop\/web reaches data\/db/);
    expect(window.location.search).toBe('?fromIn=shop&toIn=data&from=web&to=db');
  });

  test.each([
    [403, 'Forbidden'],
    [422, 'Invalid'],
  ])('that is refused with %i says why', async (code, reason) => {
    answerWith({ [REVIEW]: refusal(code, { reason, message: 'because of that' }) });
    showPage(<ReachabilityPage />, { address: ADDRESS });
    expect(await screen.findByText(/because of that/)).toBeTruthy();
    expect(screen.queryByText('No answer') !== null).toBe(code !== 403);
  });

  test.each(LOCALES)('can be read by anybody (%s)', async (locale) => {
    showPage(<ReachabilityPage />, { address: ADDRESS, locale });
    await screen.findByText('spec.ingress[1]');
    expect(await accessibilityFindings()).toEqual([]);
  });
});
