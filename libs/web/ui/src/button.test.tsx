// @vitest-environment jsdom
import { cleanup, render, screen } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Button, IconButton } from './button.js';
import { CopyButton } from './copy-button.js';
import { TextField } from './field.js';
import { accessibilityFindings, layOut } from './testing/index.js';
import { TooltipProvider } from './tooltip.js';

beforeEach(() => layOut());
afterEach(cleanup);

const shown = (node: React.ReactElement) => render(<TooltipProvider delayDuration={0}>{node}</TooltipProvider>);

describe('a button', () => {
  test.each(['{Enter}', ' '])('is pressed by the keyboard (%j)', async (key) => {
    const user = userEvent.setup();
    const press = vi.fn();
    shown(<Button onClick={press}>Save</Button>);
    await user.tab();
    expect(document.activeElement).toBe(screen.getByRole('button', { name: 'Save' }));
    await user.keyboard(key);
    expect(press).toHaveBeenCalledTimes(1);
  });

  test('that must not be pressed is reached by the keyboard, tells why, and does nothing', async () => {
    const user = userEvent.setup();
    const press = vi.fn();
    shown(
      <Button onClick={press} disabledReason="You may not">
        Delete
      </Button>,
    );
    await user.tab();
    expect((await screen.findByRole('tooltip')).textContent).toBe('You may not');
    await user.keyboard('{Enter}');
    await user.click(screen.getByRole('button', { name: 'Delete' }));
    expect(press).not.toHaveBeenCalled();
    expect(screen.getByRole('button', { name: 'Delete' }).getAttribute('aria-disabled')).toBe('true');
  });

  test('that is busy cannot be pressed a second time, nor send its form', async () => {
    const user = userEvent.setup();
    const [press, send] = [vi.fn(), vi.fn((event: React.FormEvent) => event.preventDefault())];
    shown(
      <form onSubmit={send}>
        <Button type="submit" busy onClick={press}>
          Save
        </Button>
      </form>,
    );
    await user.click(screen.getByRole('button', { name: 'Save' }));
    expect(press).not.toHaveBeenCalled();
    expect(send).not.toHaveBeenCalled();
  });

  test('sends its form only where it is a submit button', async () => {
    const user = userEvent.setup();
    const send = vi.fn((event: React.FormEvent) => event.preventDefault());
    shown(
      <form onSubmit={send}>
        <Button>Other</Button>
        <Button type="submit">Save</Button>
      </form>,
    );
    await user.click(screen.getByRole('button', { name: 'Other' }));
    expect(send).not.toHaveBeenCalled();
    await user.click(screen.getByRole('button', { name: 'Save' }));
    expect(send).toHaveBeenCalledTimes(1);
  });

  test('of a sign alone is told on focus as it is on pointing, with its stroke', async () => {
    const user = userEvent.setup();
    shown(
      <IconButton label="Search" shortcut="g s">
        ?
      </IconButton>,
    );
    await user.tab();
    expect((await screen.findByRole('tooltip')).textContent).toBe('Searchgs');
    await user.keyboard('{Escape}');
    expect(screen.queryByRole('tooltip')).toBeNull();
  });
});

describe('copying', () => {
  const words = () => navigator.clipboard.readText();

  test('puts the text where it can be pasted, and shows for a moment that it did', async () => {
    const user = userEvent.setup();
    shown(<CopyButton text="web-1" label="Copy the name" />);
    const button = screen.getByRole('button', { name: 'Copy the name' });
    const before = button.innerHTML;
    await user.click(button);
    expect(await words()).toBe('web-1');
    await vi.waitFor(() => expect(button.innerHTML).not.toBe(before));
    await vi.waitFor(() => expect(button.innerHTML).toBe(before), { timeout: 3_000 });
  });

  test('without a clipboard, as on a page that came by plain HTTP, breaks nothing', async () => {
    const user = userEvent.setup();
    shown(<CopyButton text="web-1" label="Copy" />);
    const button = screen.getByRole('button', { name: 'Copy' });
    Object.defineProperty(navigator, 'clipboard', { configurable: true, value: undefined });
    const before = button.innerHTML;
    await user.click(button);
    expect(button.innerHTML).toBe(before);
  });
});

describe('a field', () => {
  test('is found by its label, takes what is typed, and is described by its note', async () => {
    const user = userEvent.setup();
    const change = vi.fn();
    shown(<TextField id="name" label="Name" hint="in lower case" onChange={(event) => change(event.target.value)} />);
    await user.type(screen.getByLabelText('Name'), 'ab');
    expect(change.mock.calls).toEqual([['a'], ['ab']]);
    expect(document.getElementById('name-note')?.textContent).toBe('in lower case');
  });

  test.each([
    ['an error', { error: 'taken' }, 'taken', true],
    ['no error', { error: undefined }, 'in lower case', false],
    ['an error of no words', { error: '' }, 'in lower case', false],
  ])('with %s says so below it', (_, props, note, invalid) => {
    shown(<TextField id="name" label="Name" hint="in lower case" {...props} />);
    expect(document.getElementById('name-note')?.textContent).toBe(note);
    expect(screen.getByLabelText('Name').getAttribute('aria-invalid')).toBe(invalid ? 'true' : null);
  });
});

test('axe finds nothing to say of any of them', async () => {
  const { container } = shown(
    <form>
      <Button disabledReason="You may not">Delete</Button>
      <Button busy>Save</Button>
      <IconButton label="Close">×</IconButton>
      <CopyButton text="a" label="Copy" />
      <TextField id="name" label="Name" hint="in lower case" error="taken" />
    </form>,
  );
  expect(await accessibilityFindings(container)).toEqual([]);
});
