// @vitest-environment jsdom
import { cleanup, render, screen } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Menu, MenuItem, MenuLabel, MenuSeparator } from './menu.js';
import { accessibilityFindings, layOut } from './testing/index.js';

beforeEach(() => layOut());
afterEach(cleanup);

const chosen = vi.fn();
const rowPressed = vi.fn();
afterEach(() => vi.clearAllMocks());

function RowWithMenu() {
  return (
    <div onClick={rowPressed}>
      <Menu trigger={<button type="button">Actions</button>}>
        <MenuLabel>web</MenuLabel>
        <MenuItem onSelect={() => chosen('scale')}>Scale</MenuItem>
        <MenuItem disabledReason="You may not" onSelect={() => chosen('restart')}>
          Restart
        </MenuItem>
        <MenuItem checked onSelect={() => chosen('dark')}>
          Dark
        </MenuItem>
        <MenuItem link={<a href="/c/main/pods/default/web?tab=logs" />}>Logs</MenuItem>
        <MenuSeparator />
        <MenuItem danger onSelect={() => chosen('delete')}>
          Delete
        </MenuItem>
      </Menu>
    </div>
  );
}

async function opened() {
  const user = userEvent.setup();
  render(<RowWithMenu />);
  await user.tab();
  await user.keyboard('{Enter}');
  await screen.findByRole('menu');
  return user;
}
const active = () => document.activeElement?.textContent;

describe('a menu', () => {
  test('is opened by the keyboard, with its first item at hand', async () => {
    await opened();
    expect(active()).toBe('Scale');
  });

  test('is walked over by the arrows, leaving out what cannot be chosen', async () => {
    const user = await opened();
    const walked = [active()];
    for (let step = 0; step < 3; step += 1) {
      await user.keyboard('{ArrowDown}');
      walked.push(active());
    }
    expect(walked).toEqual(['Scale', 'Dark', 'Logs', 'Delete']);
    await user.keyboard('{Home}');
    expect(active()).toBe('Scale');
    await user.keyboard('{End}');
    expect(active()).toBe('Delete');
  });

  test('goes to the item whose name is begun', async () => {
    const user = await opened();
    await user.keyboard('de');
    await vi.waitFor(() => expect(active()).toBe('Delete'));
  });

  test('is over when something is chosen, and gives the focus back', async () => {
    const user = await opened();
    await user.keyboard('{Enter}');
    expect(chosen.mock.calls).toEqual([['scale']]);
    expect(screen.queryByRole('menu')).toBeNull();
    expect(active()).toBe('Actions');
  });

  test('is over on Escape, with nothing chosen', async () => {
    const user = await opened();
    await user.keyboard('{Escape}');
    expect(screen.queryByRole('menu')).toBeNull();
    expect(chosen).not.toHaveBeenCalled();
    expect(active()).toBe('Actions');
  });

  test('says why an item cannot be chosen, and does not choose it', async () => {
    const user = await opened();
    const item = screen.getByRole('menuitem', { name: /Restart/ });
    expect(item.textContent).toContain('You may not');
    expect(item.getAttribute('aria-disabled')).toBe('true');
    await user.click(item);
    expect(chosen).not.toHaveBeenCalled();
  });

  test('has items that are real links, for another tab', async () => {
    await opened();
    const item = screen.getByRole('menuitem', { name: 'Logs' });
    expect(item.tagName).toBe('A');
    expect(item.getAttribute('href')).toBe('/c/main/pods/default/web?tab=logs');
  });

  test('keeps its presses from the row it stands in', async () => {
    const user = await opened();
    rowPressed.mockClear();
    await user.click(screen.getByRole('menuitem', { name: 'Delete' }));
    expect(chosen.mock.calls).toEqual([['delete']]);
    expect(rowPressed).not.toHaveBeenCalled();
  });

  test('is nothing axe has anything to say of', async () => {
    await opened();
    expect(await accessibilityFindings(screen.getByRole('menu'))).toEqual([]);
  });
});
