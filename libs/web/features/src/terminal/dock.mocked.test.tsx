// @vitest-environment jsdom
import { runningPod } from '@binnacle/testing-fixtures';
import type { UnstructuredObject } from '@binnacle/web-data';
import { accessibilityFindings, layOut } from '@binnacle/web-ui/testing';
import { act, cleanup, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { CommandServer } from '../testing/command-server.js';
import { showPage } from '../testing/page.js';
import { Dock } from './dock.js';
import { attachTerminal, openTerminal } from './open-terminal.js';
import { FakeScreen } from './testing/fake-screen.js';
import { MOST_TERMINALS, terminals } from './terminals.js';

vi.mock('./screen.js', async () => ({ Screen: (await import('./testing/fake-screen.js')).FakeScreen }));

let server: CommandServer;
beforeEach(() => {
  layOut();
  server = new CommandServer();
  vi.stubGlobal('WebSocket', server.socketClass());
  Element.prototype.scrollIntoView = () => undefined;
});
afterEach(() => {
  act(() => terminals.store.get().open.forEach(({ id }) => terminals.close(id)));
  cleanup();
  FakeScreen.all.length = 0;
  vi.unstubAllGlobals();
});

const containers = [
  { name: 'app', image: 'i' },
  { name: 'side', image: 'i' },
];
const web = runningPod('n', '10.244.0.1', { metadata: { name: 'web' }, spec: { containers } });
const untyped = (object: object) => object as UnstructuredObject;

function showDock(objects: Parameters<typeof showPage>[1] = {}) {
  return showPage(
    <>
      <main tabIndex={-1}>the page</main>
      <Dock />
    </>,
    { objects: [web], ...objects },
  );
}
const pane = (name: string) => screen.findByRole('region', { name: `Terminal: ${name}` });
async function connected(name: string, count = 1) {
  const found = await pane(name);
  await waitFor(() => expect(server.connections).toHaveLength(count));
  act(() => server.last.accept());
  await within(found).findByText('Connected');
  return found;
}

test('a shell in a container: what is said is shown, what is typed is sent, and how it ended is told', async () => {
  showDock();
  expect(screen.queryByRole('region', { name: 'Terminals' })).toBeNull();
  act(() => openTerminal(untyped(web)));
  const found = await connected('web/app');
  const { url, protocols, received } = server.last;
  expect(url.pathname).toBe('/api/v1/namespaces/default/pods/web/exec');
  expect(url.search).toBe('?container=app&stdin=true&stdout=true&tty=true&command=sh');
  expect(protocols[0]).toBe('v5.channel.k8s.io');
  expect(received).toEqual([{ channel: 4, text: '{"Width":80,"Height":24}' }]);
  act(() => server.last.say('$ '));
  expect(FakeScreen.last.text).toBe('$ ');
  act(() => FakeScreen.last.events.typed('exit 3\r'));
  expect(received.at(-1)).toEqual({ channel: 0, text: 'exit 3\r' });
  act(() => server.last.exit(3));
  await within(found).findByText('Ended with exit code 3.');
  expect(FakeScreen.last.text).toContain('Press Enter to begin again.');
  expect(await accessibilityFindings()).toEqual([]);
  act(() => FakeScreen.last.events.typed('\r'));
  await waitFor(() => expect(server.connections).toHaveLength(2));
});

test('another container of the Pod is chosen in its place', async () => {
  const { user } = showDock();
  act(() => openTerminal(untyped(web)));
  const found = await connected('web/app');
  await within(found).findByRole('option', { name: 'side' });
  await user.selectOptions(within(found).getByRole('combobox', { name: 'Container' }), 'side');
  await waitFor(() => expect(server.last.url.searchParams.get('container')).toBe('side'));
  expect(server.connections[0]?.readyState).toBe(3);
});

test('another command is run when it is entered', async () => {
  const { user } = showDock();
  act(() => openTerminal(untyped(web)));
  const found = await connected('web/app');
  const field = within(found).getByRole('textbox', { name: 'Command' });
  await user.clear(field);
  await user.type(field, 'cat "a b"{Enter}');
  await waitFor(() => expect(server.last.url.searchParams.getAll('command')).toEqual(['cat', 'a b']));
});

test('several stand side by side, each closes by itself, and of too many the oldest goes', async () => {
  const { user } = showDock();
  act(() => openTerminal(untyped(web), 'app'));
  act(() => openTerminal(untyped(web), 'side'));
  await pane('web/app');
  await pane('web/side');
  await user.click(within(await pane('web/app')).getByRole('button', { name: 'Close the terminal of web' }));
  await waitFor(() => expect(screen.queryByRole('region', { name: 'Terminal: web/app' })).toBeNull());
  act(() => {
    for (let count = 0; count < MOST_TERMINALS; count += 1) openTerminal(untyped(web), 'app');
  });
  expect(terminals.store.get().open).toHaveLength(MOST_TERMINALS);
  await user.click(screen.getByRole('button', { name: 'Close all terminals' }));
  expect(screen.queryByRole('region', { name: 'Terminals' })).toBeNull();
  expect(server.connections.every(({ readyState }) => readyState === 3)).toBe(true);
});

test('F6 leads out to the page and back in, and folding ends nothing', async () => {
  const { user } = showDock();
  act(() => openTerminal(untyped(web)));
  await connected('web/app');
  const screenOf = FakeScreen.last;
  await waitFor(() => expect(document.activeElement).toBe(screenOf.element));
  await user.keyboard('{F6}');
  expect(document.activeElement).toBe(screen.getByRole('main'));
  await user.click(screen.getByRole('button', { name: 'Fold the terminals' }));
  expect(server.last.readyState).toBe(1);
  screen.getByRole('main').focus();
  await user.keyboard('{F6}');
  await waitFor(() => expect(document.activeElement).toBe(screenOf.element));
  expect(screen.getByRole('button', { name: 'Fold the terminals' }).getAttribute('aria-expanded')).toBe('true');
});

test('its height follows the arrow keys', async () => {
  const { user } = showDock();
  act(() => openTerminal(untyped(web)));
  // By then the screen has had the focus.
  await connected('web/app');
  const edge = await screen.findByRole('separator', { name: 'Height of the terminals' });
  const height = () => Number(edge.getAttribute('aria-valuenow'));
  const before = height();
  edge.focus();
  await user.keyboard('{ArrowUp}');
  expect(height()).toBeGreaterThan(before);
  await user.keyboard('{ArrowDown}');
  expect(height()).toBe(before);
});

test('a refusal is told in the words of the server', async () => {
  const status = { kind: 'Status', status: 'Failure', code: 403, reason: 'Forbidden', message: 'you may not' };
  vi.stubGlobal('fetch', () => Promise.resolve(Response.json(status, { status: 403 })));
  showDock();
  act(() => openTerminal(untyped(web)));
  const found = await pane('web/app');
  await waitFor(() => expect(server.connections).toHaveLength(1));
  act(() => server.last.close());
  await within(found).findByText('Ended: you may not');
});

test('a connection that is lost says so, and can be made again', async () => {
  const { user } = showDock();
  act(() => openTerminal(untyped(web)));
  const found = await connected('web/app');
  act(() => server.last.close());
  await within(found).findByText('The connection was lost.');
  await user.click(within(found).getByRole('button', { name: 'Begin again' }));
  await connected('web/app', 2);
});

test('what has just been added to a Pod is attached to once it runs', async () => {
  const { line } = showDock();
  act(() => attachTerminal(untyped(web), 'debugger-x'));
  const found = await pane('web/debugger-x');
  await within(found).findByText('Waiting for the container: Pending');
  expect(server.connections).toHaveLength(0);
  const ephemeralContainerStatuses = [
    { name: 'debugger-x', image: 'busybox', imageID: '', ready: false, restartCount: 0, state: { running: {} } },
  ];
  act(() => line.put({ ...web, status: { ...web.status, ephemeralContainerStatuses } } as typeof web));
  await waitFor(() => expect(server.connections).toHaveLength(1));
  expect(server.last.url.pathname).toBe('/api/v1/namespaces/default/pods/web/attach');
});
