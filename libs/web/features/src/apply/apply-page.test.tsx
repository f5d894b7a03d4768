// @vitest-environment jsdom
import { refs } from '@binnacle/apis-kubernetes/refs';
import { configMap } from '@binnacle/testing-fixtures';
import { PageSide } from '@binnacle/testing-loops/page-side';
import { accessibilityFindings, layOut } from '@binnacle/web-ui/testing';
import { act, cleanup, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { showPage } from '../testing/page.js';
import { applyDraft } from './apply-draft.js';
import { ApplyPage } from './apply-page.js';

let side: PageSide;
beforeEach(async () => {
  layOut();
  side = await PageSide.start();
  vi.stubGlobal('fetch', side.fetch());
});
afterEach(() => {
  cleanup();
  act(() => applyDraft.set(''));
  side.end();
  vi.unstubAllGlobals();
});

const config = (name: string, value: string, more = '') =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n${more}data:\n  key: ${value}\n`;
const rows = () => within(screen.getByRole('list', { name: 'What comes of it' })).getAllByRole('listitem');
const told = () => rows().map(({ textContent }) => textContent);

async function compare(text: string, press = 'Compare') {
  act(() => applyDraft.set(text));
  const page = showPage(<ApplyPage />, { line: side.line(), address: '/c/main/apply' });
  await page.user.click(await screen.findByRole('button', { name: press }));
  await screen.findByText(press === 'Compare' ? /^Nothing is kept yet/ : /failed\.$/);
  return page;
}
const stored = (name: string) => side.objects(refs.configmaps).find(name);

describe('a text is tried first', () => {
  test('each object is told to be created, changed or as it is, and nothing is kept', async () => {
    await side.objects(refs.configmaps).create(configMap({ metadata: { name: 'same' }, data: { key: 'a' } }));
    await side.objects(refs.configmaps).create(configMap({ metadata: { name: 'other' }, data: { key: 'c' } }));
    const labelled = config('other', 'c', '  labels: {a: b}\n');
    await compare([config('fresh', 'a'), config('same', 'a'), labelled].join('---\n'));
    expect(told()).toEqual([
      expect.stringContaining('would be created'),
      expect.stringContaining('unchanged'),
      expect.stringContaining('would change'),
    ]);
    expect(await stored('fresh')).toBeUndefined();
    expect(await accessibilityFindings()).toEqual([]);
  });

  test('what is refused is told with its field, at its line in the whole text', async () => {
    await compare(`${config('fine', 'a')}---\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: Not_A_Name\n`);
    expect(told()[1]).toContain('refused');
    expect(told()[1]).toContain('Line 11');
    expect(told()[1]).toContain('metadata.name');
  });

  test('a kind nobody serves is refused', async () => {
    await compare('apiVersion: stable.example.com/v1\nkind: Unheard\nmetadata: {name: a}\n');
    expect(told()[0]).toContain('no matches for kind "Unheard" in version "stable.example.com/v1"');
  });

  test('what goes to a namespace of the same text waits for it', async () => {
    const namespace = 'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n';
    await compare(`${namespace}---\n${config('a', 'b', '  namespace: shop\n')}`);
    expect(told()[1]).toContain('waits for Namespace shop');
  });
});

describe('applied', () => {
  test('it is there, made by a manager of its own', async () => {
    await compare(config('fresh', 'a'), 'Apply');
    expect(told()[0]).toContain('created');
    expect((await stored('fresh'))?.metadata.managedFields).toMatchObject([
      { manager: 'binnacle-apply', operation: 'Apply' },
    ]);
  });

  test('where others own a field, they are named, and it is taken over by force alone', async () => {
    await side.objects(refs.configmaps).create(configMap({ metadata: { name: 'theirs' }, data: { key: 'a' } }));
    const { user } = await compare(config('theirs', 'b'), 'Apply');
    expect(told()[0]).toContain('others own fields of it');
    expect(told()[0]).toContain('data.key');
    await user.click(screen.getByRole('checkbox', { name: 'Take these fields over (force)' }));
    await user.click(screen.getByRole('button', { name: 'Apply' }));
    await waitFor(() => expect(told()[0]).toContain('configured'));
    expect(await stored('theirs')).toMatchObject({ data: { key: 'b' } });
  });
});

test('files are put behind what is there', async () => {
  act(() => applyDraft.set(config('a', 'b')));
  const { container } = showPage(<ApplyPage />, { line: side.line(), address: '/c/main/apply' });
  await screen.findByRole('button', { name: 'Compare' });
  const file = new File([config('c', 'd')], 'c.yaml');
  Object.assign(file, { text: () => Promise.resolve(config('c', 'd')) });
  fireEvent.drop(container.firstElementChild as Element, { dataTransfer: { files: [file] } });
  await waitFor(() => expect(applyDraft.get()).toContain('name: c'));
  expect(applyDraft.get()).toContain('---');
});

test('what cannot be read is not sent', async () => {
  act(() => applyDraft.set('kind: {\n'));
  showPage(<ApplyPage />, { line: side.line(), address: '/c/main/apply' });
  const button = await screen.findByRole('button', { name: 'Compare' });
  expect(button.getAttribute('aria-disabled')).toBe('true');
});
