// @vitest-environment jsdom
import type { Blame, BlamedChange } from '@binnacle/apis-kubernetes/history/v1';
import { deployment, node } from '@binnacle/testing-fixtures';
import type { KubeObject, UnstructuredObject } from '@binnacle/web-data';
import { accessibilityFindings, layOut } from '@binnacle/web-ui/testing';
import { cleanup, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { DetailPage } from '../detail/detail-page.js';
import { LOCALES } from '../messages/index.js';
import { MissingRightDialog } from '../rights/missing-right-dialog.js';
import { explained } from '../rights/explained.js';
import { answerWith, type AskedRequest, refusal } from '../testing/answers.js';
import { type PageOptions, showPage } from '../testing/page.js';
import { RESOURCES } from '../testing/render.js';
import { BlameTab } from './blame-tab.js';

const WEB = deployment({ metadata: { name: 'web', namespace: 'shop', uid: 'u-1', resourceVersion: '46' } });
const BLAME = 'GET /apis/history.binnacle.dev/v1/namespaces/shop/changes/46/blame';
const WHO = 'POST /apis/authorization.binnacle.dev/v1/whocans';

const change = (revision: number, more: Partial<BlamedChange> = {}): BlamedChange => ({
  revision,
  time: '2026-11-30T10:00:00.000Z',
  verb: 'update',
  user: 'alice',
  groups: ['devs'],
  userAgent: 'kubectl/v1.33.4 (linux/amd64) kubernetes/abc',
  manager: 'kubectl-edit',
  ...more,
});

const told = (more: Partial<Blame> = {}): Blame => ({
  apiVersion: 'history.binnacle.dev/v1',
  kind: 'Blame',
  metadata: { name: '46', namespace: 'shop' },
  changes: [change(46), change(45, { verb: 'create', user: 'bob', userAgent: 'ci-robot/2', manager: 'ci-robot' })],
  fields: [
    { path: 'spec.template.spec.containers[name=nginx].image', revision: 46 },
    { path: 'spec.replicas', revision: 45 },
  ],
  complete: true,
  ...more,
});

beforeEach(() => {
  layOut();
  explained.set(undefined);
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

function show(answer: unknown, options: PageOptions = {}, object: KubeObject = WEB) {
  const asked: AskedRequest[] = answerWith({
    [BLAME]: () => answer,
    [WHO]: { status: { couldGrant: [{ kind: 'Group', name: 'team:administrators' }] } },
  });
  const page = showPage(
    <main>
      <BlameTab object={object as UnstructuredObject} />
      <MissingRightDialog />
    </main>,
    options,
  );
  return { ...page, asked };
}
const rows = () =>
  screen
    .getAllByRole('row')
    .slice(1)
    .map(({ textContent }) => textContent);
/** Many rows are counted faster so. */
const drawn = () => document.querySelectorAll('tbody tr').length;
const table = () => screen.findByRole('table');

describe('who set each field', () => {
  test('is told of each: by whom, when, through what, and with which change', async () => {
    show(told());
    await table();
    expect(rows()).toEqual([
      expect.stringMatching(
        /^spec\.template\.spec\.containers\[name=nginx\]\.imagealicekubectl-edit · kubectl.* updatedChange 46$/,
      ),
      expect.stringMatching(/^spec\.replicasbobci-robot.* createdChange 45$/),
    ]);
    expect(screen.getByText('As of revision 46: 2 fields, set by 2 changes.')).toBeTruthy();
  });

  test('leads to the change, and tells groups and the whole client on pointing', async () => {
    show(told());
    const link = await screen.findByRole('link', { name: 'Change 46' });
    expect(link.getAttribute('href')).toBe('/c/main/changes.history.binnacle.dev/shop/46');
    expect(screen.getByText('alice').title).toBe('devs');
    expect(screen.getByText(/^kubectl-edit/).title).toContain('linux/amd64');
  });

  test('is asked of the log as it is now, also of what is seen in the past', async () => {
    const { asked } = show(told(), { cluster: 'main@46' });
    const link = await screen.findByRole('link', { name: 'Change 46' });
    expect(link.getAttribute('href')).toBe('/c/main/changes.history.binnacle.dev/shop/46');
    expect(asked.map(({ path }) => path)).toEqual(['/apis/history.binnacle.dev/v1/namespaces/shop/changes/46/blame']);
  });

  test('is asked in the namespace default of what is in none', async () => {
    const { asked } = show(told(), {}, node({ metadata: { name: 'n', uid: 'u-2', resourceVersion: '7' } }));
    await waitFor(() =>
      expect(asked[0]?.path).toBe('/apis/history.binnacle.dev/v1/namespaces/default/changes/7/blame'),
    );
  });

  test('is found by field, person and client, by the keyboard alone', async () => {
    const { user } = show(told());
    await table();
    await user.tab();
    await user.tab();
    expect(document.activeElement).toBe(screen.getByRole('searchbox', { name: 'Find a field, a person or a client' }));
    await user.keyboard('ci-robot');
    await waitFor(() => expect(rows()).toEqual([expect.stringContaining('spec.replicas')]));
    await user.tab();
    expect(document.activeElement).toBe(screen.getByRole('group', { name: 'Who set each field' }));
    await user.tab();
    expect(document.activeElement).toBe(screen.getByRole('link', { name: 'Change 45' }));
    await user.type(screen.getByRole('searchbox'), ' nobody');
    expect(await screen.findByText('No field matches')).toBeTruthy();
  });

  test('is drawn a part at a time where there is much', async () => {
    const fields = Array.from({ length: 450 }, (_, index) => ({ path: `data.k${index}`, revision: 46 }));
    const { user } = show(told({ fields, moreFields: 3 }));
    await table();
    expect(drawn()).toBe(200);
    expect(screen.getByText('3 more fields are not told.')).toBeTruthy();
    await user.click(screen.getByText('Show 200 more'));
    await user.click(screen.getByText('Show 50 more'));
    expect(drawn()).toBe(450);
    expect(screen.queryByText(/^Show/)).toBeNull();
  });

  test('says what history does not go back to', async () => {
    show(told({ complete: false, changes: [change(46)], fields: [{ path: 'spec.replicas' }] }));
    expect(await screen.findByText(/History does not go back to where every field was set/)).toBeTruthy();
    expect(rows()).toEqual(['spec.replicasbefore what history keeps']);
  });
});

describe('where it is not told', () => {
  test('it says that it loads', () => {
    show(new Promise(() => undefined));
    expect(screen.getByRole('status', { name: 'Loading' })).toBeTruthy();
  });

  test('it says which right is missing, and who could grant it', async () => {
    const { user } = show(refusal(403, { message: 'alice cannot get changes/blame' }));
    expect(
      await screen.findByText('You may not get changes.history.binnacle.dev/blame in the namespace shop.'),
    ).toBeTruthy();
    expect(screen.getByText(/alice cannot get changes\/blame/)).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'Who could grant this?' }));
    expect(await screen.findByText('team:administrators')).toBeTruthy();
  });

  test('it says that history does not hold the change', async () => {
    show(refusal(404));
    expect(await screen.findByText('History does not hold this change')).toBeTruthy();
  });

  test('it says the words of a server that fails', async () => {
    show(refusal(500, { message: 'the log cannot be read' }));
    expect(await screen.findByText('the log cannot be read')).toBeTruthy();
  });
});

describe('on the page of an object', () => {
  const blameOfPage = (options: PageOptions = {}) => {
    answerWith({ [BLAME]: told() });
    const place = { namespace: 'shop', name: 'web' };
    const address = '/c/main/deployments.apps/shop/web?tab=blame';
    return showPage(<DetailPage id="deployments.apps" objectRef={place} />, { objects: [WEB], address, ...options });
  };

  test.each(LOCALES)('it is a view of its own, in %s, that anybody can use', async (locale) => {
    blameOfPage({ locale });
    expect(within(await table()).getByText('alice')).toBeTruthy();
    expect(screen.getByRole('link', { current: 'page' }).textContent).toMatch(/Who set it|由谁设置/);
    expect(await accessibilityFindings()).toEqual([]);
  });

  test('it is not there where the server tells of no changes', async () => {
    const resources = RESOURCES.filter(({ resource }) => resource !== 'changes');
    blameOfPage({ resources });
    await screen.findByRole('link', { name: 'YAML' });
    expect(screen.queryByRole('link', { name: 'Who set it' })).toBeNull();
  });

  test.each([
    ['main', 'componentstatuses', 'v1', 'ComponentStatus'],
    // Nothing can be written there, whatever it is.
    ['main@42', 'componentstatuses', 'v1', 'ComponentStatus'],
    ['main@42', 'nodeusages.usage.binnacle.dev', 'usage.binnacle.dev/v1', 'NodeUsage'],
    ['main@42', 'events', 'v1', 'Event'],
  ])('it is not there of what nobody writes (%s, %s)', async (cluster, id, apiVersion, kind) => {
    const object = { apiVersion, kind, metadata: { name: 'x', uid: 'u-3' } };
    answerWith({});
    const resources = RESOURCES.map((each) => ({ ...each, verbs: ['get', 'list', 'watch'], namespaced: false }));
    const page = <DetailPage id={id} objectRef={{ namespace: '', name: 'x' }} />;
    showPage(page, { cluster, objects: [object], resources });
    await screen.findByRole('link', { name: 'YAML' });
    expect(screen.queryByRole('link', { name: 'Who set it' })).toBeNull();
  });

  test('it is there in the past of what was written then', async () => {
    const resources = RESOURCES.map((each) => ({ ...each, verbs: ['get', 'list', 'watch'] }));
    blameOfPage({ cluster: 'main@42', resources });
    expect(await screen.findByRole('link', { name: 'Who set it' })).toBeTruthy();
  });
});
