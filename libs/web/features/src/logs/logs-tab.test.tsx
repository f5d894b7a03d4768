// @vitest-environment jsdom
import type { Pod } from '@binnacle/apis-kubernetes/core/v1';
import { runningPod } from '@binnacle/testing-fixtures';
import type { UnstructuredObject } from '@binnacle/web-data';
import { accessibilityFindings, layOut } from '@binnacle/web-ui/testing';
import { act, cleanup, screen, waitFor, within } from '@testing-library/react';
import { useState } from 'react';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { LogServer } from '../testing/log-server.js';
import { showPage } from '../testing/page.js';
import { LogsTab } from './logs-tab.js';

const containers = [
  { name: 'main', image: 'i' },
  { name: 'proxy', image: 'p' },
];
const POD = runningPod('node-1', '10.244.0.1', {
  metadata: { name: 'web-1' },
  spec: { containers, initContainers: [{ name: 'setup', image: 's' }] },
});

let server: LogServer;
beforeEach(() => {
  layOut({ height: 400 });
  localStorage.clear();
  server = new LogServer();
  vi.stubGlobal('fetch', server.fetch);
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

const started = (restartCount: number): Pod => ({
  ...POD,
  status: {
    ...POD.status,
    containerStatuses: POD.status?.containerStatuses?.map((status) => ({ ...status, restartCount })),
  },
});
let become: (pod: Pod) => void;
function Tab() {
  const [pod, setPod] = useState<Pod>(POD);
  become = setPod;
  return <LogsTab pod={pod as unknown as UnstructuredObject} />;
}
const logs = (address = '/c/main/pods/default/web-1?tab=logs') => showPage(<Tab />, { address });
const region = (name = 'Log of web-1/main') => screen.findByRole('log', { name });
const shown = () => [...document.querySelectorAll('[data-index]')].map(({ textContent }) => textContent);
const foot = () => screen.getAllByRole('status').at(-1)?.textContent;
const box = (name: string) => screen.getByRole('checkbox', { name });
const lastAsked = () => Object.fromEntries(server.asked.at(-1) ?? []);

describe('a log', () => {
  test('is read from its last lines on, and followed', async () => {
    server.write('hello', 'world');
    logs();
    await region();
    expect(shown()).toEqual(['hello', 'world']);
    expect(foot()).toContain('2 lines');
    await waitFor(() => expect(server.asked).toHaveLength(2));
    expect(server.asked.map((asked) => Object.fromEntries(asked))).toEqual([
      { container: 'main', timestamps: 'true', tailLines: '2000' },
      { container: 'main', timestamps: 'true', follow: 'true', sinceTime: '2026-01-01T00:00:02.000Z' },
    ]);
    server.write('again');
    await waitFor(() => expect(shown()).toEqual(['hello', 'world', 'again']));
  });

  test('that says nothing yet is told so', async () => {
    logs();
    expect(await screen.findByText('This container has written nothing yet.')).toBeTruthy();
    server.write('hello');
    await region();
    expect(shown()).toEqual(['hello']);
  });

  test('that has ended says so', async () => {
    server.write('hello');
    logs();
    await region();
    await waitFor(() => expect(server.asked).toHaveLength(2));
    server.end();
    await waitFor(() => expect(foot()).toContain('The log has ended.'));
  });

  test('that is cut off says so, and goes on where it was, with nothing twice', async () => {
    server.write('one');
    logs();
    await region();
    await waitFor(() => expect(server.asked).toHaveLength(2));
    server.refuse(new TypeError('no network'));
    server.cut();
    await waitFor(() => expect(foot()).toContain('The log was cut off; reconnecting…'));
    server.write('two');
    server.refuse(undefined);
    await waitFor(() => expect(shown()).toEqual(['one', 'two']), { timeout: 5_000 });
    expect(lastAsked()).toMatchObject({ sinceTime: '2026-01-01T00:00:01.000Z' });
  });

  test('that may not be read says why, in the words of the server', async () => {
    const status = { kind: 'Status', code: 403, reason: 'Forbidden', message: 'User "ann" cannot get pods/log' };
    server.refuse(Response.json(status, { status: 403 }));
    logs();
    expect(await screen.findByText('The log cannot be read: User "ann" cannot get pods/log')).toBeTruthy();
  });

  test('of a container that starts again goes on below a mark', async () => {
    server.write('first run');
    logs();
    await region();
    await waitFor(() => expect(server.asked).toHaveLength(2));
    server.beginAnew();
    server.write('second run');
    act(() => become(started(1)));
    await waitFor(() => expect(shown()).toEqual(['first run', 'The container started again', 'second run']));
    expect(foot()).toContain('2 lines');
  });

  test('of which there is more says so, and reads it when asked', async () => {
    server.write(...Array.from({ length: 2_500 }, (_, index) => `line ${index}`));
    const { user } = logs();
    await region();
    await waitFor(() => expect(foot()).toContain('the last 2,000 lines'));
    await user.click(screen.getByRole('button', { name: 'Read earlier lines' }));
    await waitFor(() => expect(foot()).toMatch(/^2,500 lines/));
    expect(server.asked.some((asked) => asked.get('tailLines') === '10000')).toBe(true);
  });

  test('is drawn only where it is seen, at its end', async () => {
    server.write(...Array.from({ length: 1_500 }, (_, index) => `line ${index}`));
    logs();
    await region();
    await waitFor(() => expect(shown().at(-1)).toBe('line 1499'));
    expect(shown().length).toBeLessThan(200);
  });

  test('is nothing axe has anything to say of', async () => {
    server.write('hello');
    logs();
    await region();
    expect(await accessibilityFindings()).toEqual([]);
  });
});

describe('whose log it is', () => {
  test('is the first container’s unless the address says another', async () => {
    server.write('x');
    logs('/c/main/pods/default/web-1?tab=logs&container=proxy');
    await region('Log of web-1/proxy');
    expect(lastAsked()).toMatchObject({ container: 'proxy' });
  });

  test('is chosen, those that set up besides', async () => {
    server.write('x');
    const { user } = logs();
    await region();
    const picker = screen.getByRole('combobox', { name: 'Container' });
    expect(
      within(picker)
        .getAllByRole('option')
        .map(({ textContent }) => textContent),
    ).toEqual(['main', 'proxy', 'setup (init)', 'All containers']);
    await user.selectOptions(picker, 'setup');
    expect(new URLSearchParams(window.location.search).get('container')).toBe('setup');
    await region('Log of web-1/setup');
  });
});

describe('how the reader likes it', () => {
  test('is remembered, but for the run before, which is the question of a moment', async () => {
    server.write('x');
    const { user, unmount } = logs();
    await region();
    await user.click(box('Timestamps'));
    await user.click(box('Wrap lines'));
    await user.click(box('Previous run'));
    await waitFor(() => expect(lastAsked()).toMatchObject({ previous: 'true' }));
    unmount();
    logs();
    await region();
    const checked = ['Follow', 'Previous run', 'Timestamps', 'Wrap lines'].map(
      (name) => (box(name) as HTMLInputElement).checked,
    );
    expect(checked).toEqual([true, false, true, false]);
  });

  test('timestamps stand before the lines', async () => {
    server.write('x');
    const { user } = logs();
    await region();
    await user.click(box('Timestamps'));
    expect(shown()[0]).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}x$/);
  });

  test('without following, only what is there is read', async () => {
    server.write('x');
    localStorage.setItem('binnacle.logs', '{"follow":false}');
    logs();
    await region();
    await waitFor(() => expect(foot()).toContain('The log has ended.'));
    expect(server.asked).toHaveLength(1);
  });

  test.each([['not JSON'], ['null'], ['[]'], ['"x"']])('what is remembered as %j is none of ours', async (stored) => {
    localStorage.setItem('binnacle.logs', stored);
    server.write('x');
    logs();
    await region();
    expect((box('Follow') as HTMLInputElement).checked).toBe(true);
  });
});

describe('searching', () => {
  const field = () => screen.getByRole('searchbox', { name: 'Search the log' });

  test('counts the lines, marks what was found, and goes from one to the next', async () => {
    server.write('an error', 'fine', 'an Error of errors');
    const { user } = logs();
    await region();
    await user.type(field(), 'error');
    expect(await screen.findByText('2 matches')).toBeTruthy();
    expect([...document.querySelectorAll('mark')].map(({ textContent }) => textContent)).toEqual([
      'error',
      'Error',
      'error',
    ]);
    const current = () => document.querySelector('.bg-selected')?.textContent;
    await user.keyboard('{Enter}');
    expect(current()).toBe('an error');
    await user.keyboard('{Enter}');
    expect(current()).toBe('an Error of errors');
    await user.keyboard('{Enter}');
    expect(current()).toBe('an error');
    await user.keyboard('{Shift>}{Enter}{/Shift}');
    expect(current()).toBe('an Error of errors');
    await user.keyboard('{Escape}');
    expect((field() as HTMLInputElement).value).toBe('');
    expect(document.querySelector('mark')).toBeNull();
  });

  test('that finds nothing says so', async () => {
    server.write('fine');
    const { user } = logs();
    await region();
    await user.type(field(), 'error');
    expect(await screen.findByText('no match')).toBeTruthy();
  });

  test('says where not all of the log was searched', async () => {
    server.write(...Array.from({ length: 2_100 }, () => 'an error'));
    const { user } = logs();
    await region();
    await waitFor(() => expect(foot()).toContain('the last 2,000 lines'));
    await user.type(field(), 'err');
    expect(await screen.findByText('2,000 matches in the last 2,000 lines only')).toBeTruthy();
  });

  test('is gone to by /', async () => {
    server.write('x');
    const { user } = logs();
    await region();
    await user.keyboard('/');
    expect(document.activeElement).toBe(field());
  });
});

test('colours that programs write for terminals are left out', async () => {
  server.write('\u001b[31mred\u001b[0m plain');
  logs();
  await region();
  expect(shown()).toEqual(['red plain']);
});

test('the log is saved as a file, with its times and the mark between its runs', async () => {
  const saved: Blob[] = [];
  URL.createObjectURL = (blob: Blob) => {
    saved.push(blob);
    return 'blob:x';
  };
  URL.revokeObjectURL = () => undefined;
  const click = vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(() => undefined);
  server.write('one');
  const { user } = logs();
  await region();
  await user.click(screen.getByRole('button', { name: 'Download' }));
  click.mockRestore();
  expect(saved[0]?.size).toBe('2026-01-01T00:00:01.000Z one\n'.length);
});

describe('who reads further up', () => {
  test('is left there, and led back to the end by a button', async () => {
    server.write(...Array.from({ length: 300 }, (_, index) => `line ${index}`));
    const { user } = logs();
    const box = await region();
    await waitFor(() => expect(shown().at(-1)).toBe('line 299'));
    expect(screen.queryByRole('button', { name: 'Go to the end' })).toBeNull();
    act(() => box.scrollTo({ top: 1_000 }));
    server.write('line 300');
    await user.click(await screen.findByRole('button', { name: 'Go to the end' }));
    await waitFor(() => expect(shown().at(-1)).toBe('line 300'));
    expect(screen.queryByRole('button', { name: 'Go to the end' })).toBeNull();
  });

  test('reads lines whole or in one piece, as is liked', async () => {
    server.write('a  long   line');
    const { user } = logs();
    await region();
    const style = () => screen.getByText(/a\s+long\s+line/).className;
    expect(style()).toContain('whitespace-pre-wrap');
    await user.click(box('Wrap lines'));
    expect(style()).not.toContain('whitespace-pre-wrap');
    expect(style()).toContain('whitespace-pre');
  });
});
