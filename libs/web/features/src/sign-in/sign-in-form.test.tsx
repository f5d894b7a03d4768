// @vitest-environment jsdom
import { call, type Session } from '@binnacle/web-data';
import { accessibilityFindings, layOut } from '@binnacle/web-ui/testing';
import { act, cleanup, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { LOCALES } from '../messages/index.js';
import { showPage } from '../testing/page.js';
import { drafts } from '../yaml/drafts.js';
import { SessionDialog } from './session-dialog.js';
import { SignInForm } from './sign-in-form.js';
import { SignInPage } from './sign-in-page.js';

const ALICE: Session = { user: 'alice', groups: ['binnacle:editors'] };
const status = (code: number, more: object = {}) =>
  Response.json(
    { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', code, reason: 'X', message: 'no', ...more },
    { status: code },
  );

let answer: (credentials: { user: string; password: string }) => Response | Promise<Response>;
const sent = vi.fn();
beforeEach(() => {
  layOut();
  sent.mockReset();
  answer = () => Response.json(ALICE);
  vi.stubGlobal('fetch', async (path: string, init: RequestInit) => {
    const body = JSON.parse(String(init.body ?? '{}'));
    sent(path, body);
    return answer(body);
  });
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

const field = (label: string) => screen.getByLabelText(label, { selector: 'input' }) as HTMLInputElement;
const submit = () => screen.getByRole('button', { name: 'Sign in' });
/** What is told below the password. */
const told = () => document.getElementById('password-note')?.textContent;
const form = (props: Partial<Parameters<typeof SignInForm>[0]> = {}) => {
  const onDone = vi.fn();
  return { onDone, ...showPage(<SignInForm onDone={onDone} {...props} />) };
};

describe('signing in', () => {
  test('begins with the user, and goes on by the keyboard alone', async () => {
    const { user, onDone } = form();
    expect(document.activeElement).toBe(field('User'));
    await user.keyboard('alice{Tab}secret{Enter}');
    await waitFor(() => expect(onDone).toHaveBeenCalledWith(ALICE, 'secret'));
    expect(sent.mock.calls).toEqual([['/auth/login', { user: 'alice', password: 'secret' }]]);
  });

  test('takes what a password manager has filled in without telling the page', async () => {
    const { user, onDone } = form();
    field('User').value = 'alice';
    field('Password').value = 'secret';
    await user.click(submit());
    await waitFor(() => expect(onDone).toHaveBeenCalled());
    expect(sent).toHaveBeenCalledWith('/auth/login', { user: 'alice', password: 'secret' });
  });

  test('fills in who was here', () => {
    form({ user: 'alice' });
    expect(field('User').value).toBe('alice');
  });

  test('is asked for once at a time', async () => {
    let letGo: (response: Response) => void = () => undefined;
    answer = () => new Promise((resolve) => (letGo = resolve));
    const { user, onDone } = form();
    await user.keyboard('alice{Tab}secret{Enter}{Enter}');
    await user.click(submit());
    // As password managers do.
    act(() => field('User').form?.requestSubmit());
    expect(submit().getAttribute('aria-busy')).toBe('true');
    expect(sent).toHaveBeenCalledTimes(1);
    letGo(Response.json(ALICE));
    await waitFor(() => expect(onDone).toHaveBeenCalledTimes(1));
  });

  test('shows the password where somebody wants to see it', async () => {
    const { user } = form();
    expect(field('Password').type).toBe('password');
    const eye = screen.getByRole('button', { name: 'Show password' });
    await user.click(eye);
    expect(field('Password').type).toBe('text');
    expect(screen.getByRole('button', { name: 'Hide password' }).getAttribute('aria-pressed')).toBe('true');
  });
});

describe('a refusal is told for what it is', () => {
  test.each<[string, () => Response | Promise<Response>, string]>([
    ['wrong words', () => status(401), 'User or password is wrong.'],
    ['a server that starts', () => status(503), 'The API server is not ready yet. Please try again in a moment.'],
    [
      'nobody there',
      () => Promise.reject(new TypeError('failed to fetch')),
      'The API server cannot be reached. It may still be starting; trying again is safe.',
    ],
    ['anything else', () => status(403, { message: 'another origin' }), 'Signing in failed: another origin'],
  ])('%s', async (_, refuse, text) => {
    answer = refuse;
    const { user, onDone } = form();
    await user.keyboard('alice{Tab}wrong{Enter}');
    await waitFor(() => expect(told()).toBe(text));
    expect(screen.getByRole('alert').textContent).toBe(text);
    expect(field('Password').getAttribute('aria-invalid')).toBe('true');
    expect(submit().getAttribute('aria-busy')).toBeNull();
    expect(onDone).not.toHaveBeenCalled();
  });

  test('too many attempts are told with the seconds left, which are counted, and aloud only once', async () => {
    answer = () => status(429, { details: { retryAfterSeconds: 2 } });
    const { user } = form();
    await user.keyboard('alice{Tab}wrong{Enter}');
    await waitFor(() => expect(told()).toMatch(/^Too many attempts\. Try again in [12] seconds?\.$/));
    const aloud = screen.getByRole('alert').textContent;
    expect(submit().getAttribute('aria-disabled')).toBe('true');
    await user.click(submit());
    expect(sent).toHaveBeenCalledTimes(1);
    await waitFor(() => expect(told()).toBe('You may try again now.'), { timeout: 5_000 });
    expect(screen.getByRole('alert').textContent).toBe(aloud);
    expect(submit().getAttribute('aria-disabled')).toBeNull();
    answer = () => Response.json(ALICE);
    await user.click(submit());
    expect(sent).toHaveBeenCalledTimes(2);
  });

  test('the pause of one account keeps no other waiting', async () => {
    answer = ({ user }) =>
      user === 'alice' ? status(429, { details: { retryAfterSeconds: 60 } }) : Response.json(ALICE);
    const { user, onDone } = form();
    await user.keyboard('alice{Tab}wrong{Enter}');
    await waitFor(() => expect(submit().getAttribute('aria-disabled')).toBe('true'));
    await user.clear(field('User'));
    await user.type(field('User'), 'bob');
    expect(told()).toBeUndefined();
    await user.click(submit());
    await waitFor(() => expect(onDone).toHaveBeenCalled());
  });
});

test.each(LOCALES)('the page is nothing axe has anything to say of, and speaks one language (%s)', async (locale) => {
  const { container } = showPage(<SignInPage />, { locale, address: '/sign-in' });
  expect(await accessibilityFindings()).toEqual([]);
  const words = [...container.querySelectorAll('main label, main p, main button')]
    .map(({ textContent }) => textContent ?? '')
    .filter(Boolean);
  const foreign = locale === 'en' ? /[\u4e00-\u9fff]/ : /^[A-Za-z .]+$/;
  expect(words.filter((text) => foreign.test(text))).toEqual([]);
});

describe('when a session ends', () => {
  const lose = () =>
    act(async () => {
      const before = answer;
      answer = () => status(401, { reason: 'Unauthorized' });
      await call('/api/v1/pods').catch(() => undefined);
      answer = before;
    });
  const page = () => showPage(<SessionDialog session={ALICE} />);
  const dialog = () => screen.findByRole('dialog', { name: 'Your session has ended' });

  test('the page asks for the password over itself, for who was here', async () => {
    page();
    expect(screen.queryByRole('dialog')).toBeNull();
    await lose();
    const asked = await dialog();
    expect(within(asked).getByText(/Everything on this page, drafts included, stays as it is/)).toBeTruthy();
    expect(field('User').value).toBe('alice');
  });

  test('and the same person comes back, all goes on, over a new line', async () => {
    const { user, line } = page();
    await lose();
    await dialog();
    await user.type(field('Password'), 'secret{Enter}');
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(line.reopened).toBe(1);
  });

  test('and somebody else comes, nothing that was here is theirs', async () => {
    drafts.write('main/u', { base: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' } }, text: 'mine' });
    answer = () => Response.json({ user: 'bob', groups: [] });
    const { user, line } = page();
    await lose();
    await dialog();
    await user.clear(field('User'));
    await user.type(field('User'), 'bob');
    await user.type(field('Password'), 'secret{Enter}');
    await waitFor(() => expect(drafts.read('main/u')).toBeUndefined());
    expect(drafts.returning).toBe(true);
    expect(line.reopened).toBe(0);
    drafts.forgetAll();
  });

  test('the question may be put off, and comes again', async () => {
    const { user } = page();
    await lose();
    await dialog();
    await user.keyboard('{Escape}');
    expect(screen.queryByRole('dialog')).toBeNull();
    await lose();
    expect(await dialog()).toBeTruthy();
  });
});
