// @vitest-environment jsdom
import { configMap } from '@binnacle/testing-fixtures';
import { rightsChanged, useRightsFollower } from '@binnacle/web-data';
import { accessibilityFindings, layOut } from '@binnacle/web-ui/testing';
import { act, cleanup, screen, waitFor } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { DetailActions } from '../detail/detail-actions.js';
import { RowActions } from '../actions/row-actions.js';
import { useTranslations } from 'next-intl';
import { LOCALES, type Translate } from '../messages/index.js';
import { answerWith, type AskedRequest } from '../testing/answers.js';
import type { ObjectLine } from '../testing/object-line.js';
import { showPage } from '../testing/page.js';
import { served, text } from '../testing/render.js';
import { explained } from './explained.js';
import { MissingRightDialog } from './missing-right-dialog.js';
import { missingText } from './right-text.js';

const RULES = 'POST /apis/authorization.k8s.io/v1/selfsubjectrulesreviews';
const ACCESS = 'POST /apis/authorization.k8s.io/v1/selfsubjectaccessreviews';
const WHO = 'POST /apis/authorization.binnacle.dev/v1/whocans';
const object = configMap({ metadata: { name: 'settings', namespace: 'shop', uid: 'u' } }) as never;
const CONFIG_MAPS = served('configmaps');

let verbs: string[];
let incomplete: boolean;
let asked: AskedRequest[];
beforeEach(() => {
  layOut();
  explained.set(undefined);
  [verbs, incomplete] = [['get', 'list', 'watch'], false];
  asked = answerWith({
    [RULES]: () => ({ status: { resourceRules: [{ verbs, apiGroups: [''], resources: ['configmaps'] }], incomplete } }),
    [ACCESS]: () => ({ status: { allowed: true } }),
    [WHO]: { status: { couldGrant: [{ kind: 'Group', name: 'team:administrators' }] } },
  });
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

function Page() {
  useRightsFollower();
  return (
    <main>
      <DetailActions object={object} resource={CONFIG_MAPS} />
      <MissingRightDialog />
    </main>
  );
}
const item = async () => screen.findByRole('menuitem', { name: /Delete…/ });

describe('what may not be done', () => {
  test('stays in its place, says which right is missing, and who could grant it', async () => {
    const { user } = showPage(<Page />);
    await user.click(screen.getByRole('button', { name: 'Actions' }));
    await waitFor(async () => expect((await item()).getAttribute('aria-disabled')).toBe('true'));
    expect((await item()).textContent).toContain('You may not delete configmaps in the namespace shop.');
    expect(asked.some(({ path }) => path.includes('whocans'))).toBe(false);
    await user.click(await item());
    expect(await screen.findByRole('dialog', { name: 'A right is missing' })).toBeTruthy();
    expect(await screen.findByText('team:administrators')).toBeTruthy();
    expect(screen.getByText('kubectl auth can-i delete configmaps/settings -n shop')).toBeTruthy();
    expect(await accessibilityFindings()).toEqual([]);
  });

  test.each<[string, (line: ObjectLine) => void]>([
    ['the server tells', (line) => line.changeRights()],
    ['something is refused', () => rightsChanged()],
    ['there is a line again', (line) => (line.cut(), line.mend())],
  ])('can be done as soon as %s, and the question goes by itself', async (_, tell) => {
    const { user, line } = showPage(<Page />);
    await user.click(screen.getByRole('button', { name: 'Actions' }));
    await waitFor(async () => expect((await item()).getAttribute('aria-disabled')).toBe('true'));
    await user.click(await item());
    await screen.findByRole('dialog', { name: 'A right is missing' });
    verbs = ['*'];
    act(() => tell(line));
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    await user.click(screen.getByRole('button', { name: 'Actions' }));
    await waitFor(async () => expect((await item()).getAttribute('aria-disabled')).toBeNull());
  });

  test('is let where the rules are not all and the server says yes', async () => {
    incomplete = true;
    const { user } = showPage(<Page />);
    await user.click(screen.getByRole('button', { name: 'Actions' }));
    await waitFor(() => expect(asked.some(({ path }) => path.includes('accessreviews'))).toBe(true));
    expect((await item()).getAttribute('aria-disabled')).toBeNull();
  });
});

test('nothing is asked again for as long as nobody tells of a change', async () => {
  vi.useFakeTimers();
  const { line } = showPage(<Page />);
  await act(() => vi.advanceTimersByTimeAsync(1_000));
  const before = asked.length;
  expect(before).toBeGreaterThan(0);
  await act(() => vi.advanceTimersByTimeAsync(120_000));
  expect(asked).toHaveLength(before);
  line.changeRights();
  await act(() => vi.advanceTimersByTimeAsync(1_000));
  expect(asked).toHaveLength(before + 1);
  vi.useRealTimers();
});

test('nothing is asked of rows until one of their menus is open, and then once for a namespace', async () => {
  const { user } = showPage(
    <>
      <RowActions object={object} resource={CONFIG_MAPS} />
      <RowActions
        object={configMap({ metadata: { name: 'other', namespace: 'shop' } }) as never}
        resource={CONFIG_MAPS}
      />
    </>,
  );
  expect(asked).toEqual([]);
  await user.click(screen.getByRole('button', { name: /settings/ }));
  await waitFor(async () => expect((await item()).getAttribute('aria-disabled')).toBe('true'));
  expect(asked.filter(({ path }) => path.includes('rulesreviews'))).toHaveLength(1);
});

test('where who could grant it is not told, the server says why', async () => {
  answerWith({ [RULES]: { status: { resourceRules: [] } } });
  showPage(<MissingRightDialog />);
  act(() => explained.set({ verb: 'get', group: '', resource: 'secrets', namespace: 'shop' }));
  expect(await screen.findByText(/Ask an administrator/)).toBeTruthy();
});

test.each(LOCALES)('every missing right is said with its verb, its kind and where (%s)', (locale) => {
  function Said({ right }: { right: Parameters<typeof missingText>[1] }) {
    return <>{missingText(useTranslations() as unknown as Translate, right)}</>;
  }
  const said = text(<Said right={{ verb: 'patch', group: 'apps', resource: 'deployments', namespace: 'shop' }} />, {
    locale,
  });
  expect(said).toMatch(/patch/);
  expect(said).toMatch(/deployments\.apps/);
  expect(said).toMatch(/shop/);
});
