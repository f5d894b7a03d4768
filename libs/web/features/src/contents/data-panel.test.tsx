// @vitest-environment jsdom
import type { ConfigMap, Secret } from '@binnacle/apis-kubernetes/core/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import { configMap, secret } from '@binnacle/testing-fixtures';
import { PageSide } from '@binnacle/testing-loops/page-side';
import { layOut } from '@binnacle/web-ui/testing';
import { cleanup, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { DetailPage } from '../detail/detail-page.js';
import { showPage } from '../testing/page.js';

let side: PageSide;
beforeEach(async () => {
  layOut();
  side = await PageSide.start();
  vi.stubGlobal('fetch', side.fetch());
});
afterEach(() => {
  cleanup();
  side.end();
  vi.unstubAllGlobals();
});

const base64 = (text: string | Uint8Array) => Buffer.from(text).toString('base64');
const secrets = () => side.objects<Secret>(refs.secrets);
async function pageOf(id: string, name: string) {
  const page = showPage(<DetailPage id={id} objectRef={{ namespace: 'default', name }} />, { line: side.line() });
  const title = await screen.findByRole('heading', { level: 2, name: 'Data' });
  return { ...page, panel: title.closest('section') as HTMLElement };
}
const entries = (panel: HTMLElement) =>
  Object.fromEntries(
    [...panel.querySelectorAll('dt')].map((term) => [term.textContent, term.nextElementSibling?.textContent]),
  );
const reads = () => side.requests.filter(({ method, path }) => method === 'GET' && path.includes('/secrets/'));

describe('what a ConfigMap holds', () => {
  test('is shown, texts as they are and the rest by its size', async () => {
    const data = { 'app.conf': 'a = 1\nb = 2\n', empty: '' };
    await side.objects<ConfigMap>(refs.configmaps).create(
      configMap({
        data: { ...data, key: undefined as never },
        binaryData: { icon: base64(new Uint8Array(1_500)), dot: base64(new Uint8Array(1)) },
      }),
    );
    const { panel } = await pageOf('configmaps', 'settings');
    expect(entries(panel)).toEqual({
      ...data,
      icon: '1,500 bytes, not text',
      dot: '1 byte, not text',
    });
    expect(panel.textContent).toMatch(/^Data4/);
  });

  test('that holds nothing says so', async () => {
    await side.objects<ConfigMap>(refs.configmaps).create(configMap({ data: undefined }));
    const { panel } = await pageOf('configmaps', 'settings');
    expect(panel.textContent).toBe('Data0None');
  });
});

describe('what a Secret holds', () => {
  const password = base64('hunter2');

  test('is not on the page, and not sent to it, until somebody asks', async () => {
    await secrets().create(secret({ data: { password, user: base64('admin'), key: undefined as never } }));
    const { panel, user } = await pageOf('secrets', 'credentials');
    expect(entries(panel)).toEqual({ password: 'Hidden', user: 'Hidden' });
    expect(document.body.innerHTML).not.toMatch(/hunter2|aHVudGVyMg/);
    expect(reads()).toEqual([]);
    await user.click(within(panel).getByRole('button', { name: 'Show values' }));
    await waitFor(() => expect(entries(panel)).toEqual({ password: 'hunter2', user: 'admin' }));
    expect(reads()).toHaveLength(1);
    await user.click(within(panel).getByRole('button', { name: 'Hide values' }));
    expect(entries(panel)).toEqual({ password: 'Hidden', user: 'Hidden' });
    expect(document.body.innerHTML).not.toContain('hunter2');
  });

  test('is copied as it is, by a button that says what', async () => {
    await secrets().create(secret({ data: { key: password } }));
    const { panel, user } = await pageOf('secrets', 'credentials');
    expect(within(panel).queryByRole('button', { name: 'Copy key' })).toBeNull();
    await user.click(within(panel).getByRole('button', { name: 'Show values' }));
    await user.click(await within(panel).findByRole('button', { name: 'Copy key' }));
    expect(await navigator.clipboard.readText()).toBe('hunter2');
  });

  test('that is no text is shown as it is stored', async () => {
    const bytes = base64(new Uint8Array([0xff, 0xfe, 0x00]));
    await secrets().create(secret({ data: { key: bytes } }));
    const { panel, user } = await pageOf('secrets', 'credentials');
    await user.click(within(panel).getByRole('button', { name: 'Show values' }));
    await waitFor(() => expect(entries(panel)).toEqual({ key: bytes }));
  });

  test('in letters of any language is read as such', async () => {
    await secrets().create(secret({ data: { key: base64('密码 é') } }));
    const { panel, user } = await pageOf('secrets', 'credentials');
    await user.click(within(panel).getByRole('button', { name: 'Show values' }));
    await waitFor(() => expect(entries(panel)).toEqual({ key: '密码 é' }));
  });

  test('that changes while it is shown is asked for anew', async () => {
    await secrets().create(secret({ data: { key: password } }));
    const { panel, user } = await pageOf('secrets', 'credentials');
    await user.click(within(panel).getByRole('button', { name: 'Show values' }));
    await waitFor(() => expect(entries(panel)).toEqual({ key: 'hunter2' }));
    await secrets().change('credentials', { data: { key: base64('hunter3') } });
    await waitFor(() => expect(entries(panel)).toEqual({ key: 'hunter3' }));
  });

  test('and may not be read says why', async () => {
    await secrets().create(secret({ data: { key: password } }));
    const { panel, user } = await pageOf('secrets', 'credentials');
    await secrets().delete('credentials');
    vi.stubGlobal('fetch', async () =>
      Response.json({ kind: 'Status', code: 403, reason: 'Forbidden', message: 'not you' }, { status: 403 }),
    );
    await user.click(within(panel).getByRole('button', { name: 'Show values' }));
    expect((await within(panel).findByRole('alert')).textContent).toBe('not you');
  });
});
