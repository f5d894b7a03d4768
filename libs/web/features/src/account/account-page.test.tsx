// @vitest-environment jsdom
import { accessibilityFindings, layOut } from '@binnacle/web-ui/testing';
import { cleanup, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { LOCALES } from '../messages/index.js';
import { type Answers, answerWith, type AskedRequest, refusal } from '../testing/answers.js';
import { showPage } from '../testing/page.js';
import { AccountPage } from './account-page.js';

const HOUR = 3_600_000;
const at = (hours: number) => new Date(Date.now() + hours * HOUR).toISOString();
const session = (id: string, current: boolean) => ({
  id,
  created: at(-2),
  lastSeen: at(-1),
  expiresAt: at(10),
  address: '192.0.2.1',
  userAgent: 'Mozilla/5.0 (X11; Linux) Chrome/140.0 Safari/537.36',
  current,
});
const token = { id: 't1', name: 'ci', created: at(-1), expiresAt: at(100), clusters: ['main'], readOnly: true };
const ME = { user: 'ann', displayName: 'Ann Lee', groups: ['team:crew'], expiresAt: at(10) };
const ANSWERS: Answers = {
  'GET /auth/session': ME,
  'GET /auth/sessions': { items: [session('a', true), session('b', false)] },
  'GET /auth/tokens': { items: [token] },
  'GET /auth/methods': { password: true, providers: [], passkeys: { available: false } },
  'DELETE /auth/sessions': { ended: 1 },
  'DELETE /auth/sessions/b': { ended: 1 },
  'DELETE /auth/tokens/t1': { revoked: 1 },
};

let asked: AskedRequest[];
beforeEach(() => {
  layOut();
  asked = answerWith(ANSWERS);
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});
const sent = (method: string, path: string) => asked.find((each) => each.method === method && each.path === path);

test.each(LOCALES)('tells what one has, and is nothing axe has anything to say of (%s)', async (locale) => {
  showPage(<AccountPage />, { locale });
  expect(await screen.findByText('team:crew')).toBeTruthy();
  expect(await screen.findByText('Ann Lee')).toBeTruthy();
  expect(await screen.findByText('ci')).toBeTruthy();
  expect(await accessibilityFindings()).toEqual([]);
});

describe('a session', () => {
  test('of another browser is ended, and one’s own is not offered', async () => {
    const { user } = showPage(<AccountPage />);
    const ends = await screen.findAllByRole('button', { name: /^End the session of/ });
    expect(ends).toHaveLength(1);
    await user.click(ends[0] as HTMLElement);
    await waitFor(() => expect(sent('DELETE', '/auth/sessions/b')).toBeTruthy());
  });

  test('and all others', async () => {
    const { user } = showPage(<AccountPage />);
    await user.click(await screen.findByRole('button', { name: 'End all others' }));
    expect(await screen.findByText('All other sessions have ended')).toBeTruthy();
    expect(sent('DELETE', '/auth/sessions')?.headers['x-binnacle-csrf']).toBe('1');
  });

  test('that is not fresh is asked who it is, and then it is done', async () => {
    let isFresh = false;
    asked = answerWith({
      ...ANSWERS,
      'DELETE /auth/sessions/b': () =>
        isFresh ? { ended: 1 } : refusal(403, { details: { causes: [{ reason: 'SignInAgain' }] } }),
      'POST /auth/login': () => {
        isFresh = true;
        return ME;
      },
    });
    const { user } = showPage(<AccountPage />);
    await user.click(await screen.findByRole('button', { name: /^End the session of/ }));
    const dialog = await screen.findByRole('dialog', { name: 'Show that it is you' });
    await user.type(within(dialog).getByLabelText('Password'), 'secret{Enter}');
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(asked.filter(({ method }) => method === 'DELETE')).toHaveLength(2);
  });
});

describe('a token', () => {
  test('is made for what is wanted, and shown once', async () => {
    asked = answerWith({ ...ANSWERS, 'POST /auth/tokens': { ...token, id: 't2', token: 'bn_secret' } });
    const { user } = showPage(<AccountPage />);
    await user.click(await screen.findByRole('button', { name: 'New token…' }));
    const make = () => screen.getByRole('button', { name: 'Make token' });
    expect(make().getAttribute('aria-disabled')).toBe('true');
    await user.type(screen.getByLabelText('Name'), 'deploy');
    await user.selectOptions(screen.getByLabelText('Holds for'), '7 days');
    await user.click(screen.getByRole('checkbox', { name: 'It may only read' }));
    await user.click(make());
    expect(await screen.findByText('bn_secret')).toBeTruthy();
    expect(sent('POST', '/auth/tokens')?.body).toMatchObject({
      name: 'deploy',
      scope: { clusters: ['main'], readOnly: true },
    });
    expect(await accessibilityFindings()).toEqual([]);
    await user.click(screen.getByRole('button', { name: 'I have kept it' }));
    expect(screen.queryByText('bn_secret')).toBeNull();
  });

  test('is revoked', async () => {
    const { user } = showPage(<AccountPage />);
    await user.click(await screen.findByRole('button', { name: 'Revoke the token ci' }));
    expect(await screen.findByText('Token ci revoked')).toBeTruthy();
  });
});

test('a password is changed only where both are the same, and the old one is right', async () => {
  let answer: unknown = refusal(401);
  asked = answerWith({ ...ANSWERS, 'POST /auth/password': () => answer });
  const { user } = showPage(<AccountPage />);
  await user.type(await screen.findByLabelText('Current password'), 'old password');
  await user.type(screen.getByLabelText('New password'), 'new password');
  await user.type(screen.getByLabelText('New password again'), 'another one{Enter}');
  expect((await screen.findAllByText('The two are not the same.')).length).toBeGreaterThan(0);
  expect(sent('POST', '/auth/password')).toBeUndefined();
  await user.clear(screen.getByLabelText('New password again'));
  await user.type(screen.getByLabelText('New password again'), 'new password{Enter}');
  expect((await screen.findAllByText('The current password is wrong.')).length).toBeGreaterThan(0);
  answer = ME;
  await user.type(screen.getByLabelText('New password again'), '{Enter}');
  expect(await screen.findByText(/^Password changed/)).toBeTruthy();
  expect(sent('POST', '/auth/password')?.body).toEqual({ password: 'old password', newPassword: 'new password' });
});
