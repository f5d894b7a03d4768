// @vitest-environment jsdom
import { cleanup, render, screen, within } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { useState } from 'react';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Button } from './button.js';
import { Dialog } from './dialog.js';
import { useFocusKeeper } from './focus-keeper.js';
import { accessibilityFindings, layOut } from './testing/index.js';
import { TooltipProvider } from './tooltip.js';

beforeEach(() => layOut());
afterEach(cleanup);

function Page({ description, onClose }: { description?: string; onClose?: () => void }) {
  const [open, setOpen] = useState(false);
  // As every page does: it finds who is to have the focus again.
  useFocusKeeper();
  return (
    <TooltipProvider>
      <main>
        <Button onClick={() => setOpen(true)}>Open</Button>
        <Button>Behind</Button>
      </main>
      <Dialog
        open={open}
        onClose={() => {
          setOpen(false);
          onClose?.();
        }}
        title="Delete web?"
        closeLabel="Close"
        {...(description && { description })}
        footer={<Button>Delete</Button>}
      >
        <input aria-label="Name" />
      </Dialog>
    </TooltipProvider>
  );
}

async function opened(props: Parameters<typeof Page>[0] = {}) {
  const user = userEvent.setup();
  render(<Page {...props} />);
  await user.click(screen.getByRole('button', { name: 'Open' }));
  return { user, dialog: screen.getByRole('dialog', { name: 'Delete web?' }) };
}
const focused = () => document.activeElement;

describe('a dialog', () => {
  test('is called by its title, takes the focus, and hides what is behind it', async () => {
    const { dialog } = await opened();
    expect(dialog.contains(focused())).toBe(true);
    expect(screen.queryByRole('button', { name: 'Behind' })).toBeNull();
  });

  test('keeps the focus, whichever way one goes', async () => {
    const { user, dialog } = await opened();
    const stops = new Set<Element | null>();
    for (let step = 0; step < 7; step += 1) {
      await user.tab();
      expect(dialog.contains(focused())).toBe(true);
      stops.add(focused());
    }
    expect(stops.size).toBe(3);
    for (let step = 0; step < 7; step += 1) {
      await user.tab({ shift: true });
      expect(dialog.contains(focused())).toBe(true);
    }
  });

  test.each([
    ['Escape', (user: ReturnType<typeof userEvent.setup>) => user.keyboard('{Escape}')],
    [
      'its own button',
      (user: ReturnType<typeof userEvent.setup>) => user.click(screen.getByRole('button', { name: 'Close' })),
    ],
    [
      'a press beside it',
      (user: ReturnType<typeof userEvent.setup>) => user.click(document.querySelector('.bg-scrim') as Element),
    ],
  ])('is closed by %s, once, and gives the focus back', async (_, close) => {
    const onClose = vi.fn();
    const { user } = await opened({ onClose });
    await close(user);
    expect(screen.queryByRole('dialog')).toBeNull();
    expect(onClose).toHaveBeenCalledTimes(1);
    await vi.waitFor(() => expect(focused()).toBe(screen.getByRole('button', { name: 'Open' })));
  });

  test('is described by its lead where it has one, and else by nothing', async () => {
    const { dialog } = await opened({ description: 'Its Pods go with it.' });
    const description = document.getElementById(dialog.getAttribute('aria-describedby') ?? '');
    expect(description?.textContent).toBe('Its Pods go with it.');
    cleanup();
    expect((await opened()).dialog.hasAttribute('aria-describedby')).toBe(false);
  });

  test('has its buttons after what it asks, in the order they are pressed', async () => {
    const { dialog } = await opened();
    const names = within(dialog)
      .getAllByRole('button')
      .map((button) => button.getAttribute('aria-label') ?? button.textContent);
    expect(names).toEqual(['Close', 'Delete']);
  });

  test('is nothing axe has anything to say of', async () => {
    await opened({ description: 'Its Pods go with it.' });
    expect(await accessibilityFindings()).toEqual([]);
  });
});
