// @vitest-environment jsdom
import { accessibilityFindings, layOut } from '@binnacle/web-ui/testing';
import { cleanup, screen, waitFor } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { LOCALES } from '../messages/index.js';
import { answerWith, type AskedRequest, refusal } from '../testing/answers.js';
import { showPage } from '../testing/page.js';
import { DevicePage } from './device-page.js';
import { InvitationPage } from './invitation-page.js';
import { SignInPage } from './sign-in-page.js';
import { SignInPanel } from './sign-in-panel.js';

beforeEach(() => layOut());
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

const ANN = { user: 'ann', groups: [], mustChangePassword: false };
const METHODS = {
  password: true,
  providers: [{ name: 'acme', label: 'Acme SSO', start: '/auth/oidc/acme/start' }],
  passkeys: { available: false, address: 'http://localhost:7080' },
};
const sent = (asked: AskedRequest[], path: string) => asked.find((each) => each.path === path);

describe('signing in', () => {
  test.each(LOCALES)('offers what the server has, and leads back to where one was (%s)', async (locale) => {
    answerWith({ 'GET /auth/methods': METHODS });
    showPage(<SignInPage />, { locale, address: '/sign-in?to=/c/main/pods?ns=shop' });
    const link = await screen.findByRole('link', { name: /Acme SSO/ });
    expect(link.getAttribute('href')).toBe('/auth/oidc/acme/start?next=%2Fc%2Fmain%2Fpods%3Fns%3Dshop');
    expect(screen.getByText(/localhost:7080/)).toBeTruthy();
    expect(await accessibilityFindings()).toEqual([]);
  });

  test.each([
    ['denied', 'The other system did not let you in.'],
    ['made-up', 'Signing in with the other system failed.'],
  ])('says why another system let nobody in (%s)', async (why, words) => {
    answerWith({});
    showPage(<SignInPage />, { address: `/sign-in?error=${why}` });
    expect((await screen.findByText(words)).getAttribute('role')).toBe('alert');
  });

  test('with a password somebody else made up leads nowhere but to one of one’s own', async () => {
    const asked = answerWith({
      'POST /auth/login': { ...ANN, mustChangePassword: true },
      'POST /auth/password': ANN,
    });
    const onDone = vi.fn();
    const { user } = showPage(<SignInPanel next="/" onDone={onDone} />);
    await user.type(await screen.findByLabelText('User'), 'ann');
    await user.type(screen.getByLabelText('Password'), 'made up one{Enter}');
    expect(await screen.findByText('Choose a new password')).toBeTruthy();
    expect(onDone).not.toHaveBeenCalled();
    await user.type(screen.getByLabelText('New password'), 'my own password');
    await user.type(screen.getByLabelText('New password again'), 'my own password{Enter}');
    await waitFor(() => expect(onDone).toHaveBeenCalledWith(ANN));
    expect(sent(asked, '/auth/password')?.body).toEqual({ password: 'made up one', newPassword: 'my own password' });
  });
});

describe('an invitation', () => {
  const OFFER = { email: 'Ann.Lee@a.example', teams: ['crew'], expiresAt: '2026-12-24T12:00:00Z' };
  const PATH = 'GET /auth/invitations/s3cret';

  test.each(LOCALES)('is read from what no server is told, and says what it offers (%s)', async (locale) => {
    const asked = answerWith({ [PATH]: OFFER });
    showPage(<InvitationPage />, { locale, address: '/invitation#s3cret' });
    expect(await screen.findByText('crew')).toBeTruthy();
    expect(screen.getByDisplayValue('ann.lee')).toBeTruthy();
    expect(asked.map(({ path }) => path)).toContain('/auth/invitations/s3cret');
    expect(await accessibilityFindings()).toEqual([]);
  });

  test('is accepted; what is refused is told at its field, and can be mended', async () => {
    let answer: unknown = refusal(409);
    const asked = answerWith({ [PATH]: OFFER, 'POST /auth/invitations/accept': () => answer });
    const { user } = showPage(<InvitationPage />, { address: '/invitation#s3cret' });
    await user.type(await screen.findByLabelText('Password'), 'long enough one');
    await user.type(screen.getByLabelText('Password again'), 'long enough one{Enter}');
    await screen.findAllByText('Somebody here has that name already.');
    expect(screen.getByLabelText('User name').getAttribute('aria-invalid')).toBe('true');
    answer = refusal(422, { message: 'password: too easy', details: { causes: [{ field: 'password' }] } });
    await user.click(screen.getByRole('button', { name: 'Accept and sign in' }));
    await screen.findAllByText('password: too easy');
    expect(screen.getByLabelText('Password').getAttribute('aria-invalid')).toBe('true');
    expect(sent(asked, '/auth/invitations/accept')?.body).toMatchObject({ secret: 's3cret', user: 'ann.lee' });
  });

  test('that does not hold is told so', async () => {
    answerWith({});
    showPage(<InvitationPage />, { address: '/invitation#old' });
    expect(await screen.findByText('This invitation does not hold')).toBeTruthy();
  });
});

describe('a terminal', () => {
  const REQUEST = {
    userCode: 'BCDF-GHJK',
    client: 'binnacle login on laptop',
    address: '192.0.2.7',
    createdAt: '2026-11-30T12:00:00Z',
    expiresAt: '2026-11-30T12:10:00Z',
  };
  const PATH = '/auth/device/requests/BCDF-GHJK';

  test.each(LOCALES)('is told with its code and where it asks from (%s)', async (locale) => {
    answerWith({ 'GET /auth/session': ANN, [`GET ${PATH}`]: REQUEST });
    showPage(<DevicePage />, { locale, address: '/device?code=BCDF-GHJK' });
    expect(await screen.findByText('192.0.2.7')).toBeTruthy();
    expect(screen.getByText('binnacle login on laptop')).toBeTruthy();
    expect(await accessibilityFindings()).toEqual([]);
  });

  test.each([
    ['Let it in', true, /You can go back to the terminal/],
    ['Refuse', false, /The terminal is told so/],
  ])('%s', async (name, approve, words) => {
    const asked = answerWith({ 'GET /auth/session': ANN, [`GET ${PATH}`]: REQUEST, [`POST ${PATH}`]: {} });
    const { user } = showPage(<DevicePage />, { address: '/device?code=BCDF-GHJK' });
    await user.click(await screen.findByRole('button', { name }));
    expect(await screen.findByText(words)).toBeTruthy();
    expect(asked.find(({ method }) => method === 'POST')?.body).toEqual({ approve });
  });

  test('is let in by whoever has just shown that it is them', async () => {
    let isFresh = false;
    answerWith({
      'GET /auth/session': ANN,
      [`GET ${PATH}`]: REQUEST,
      [`POST ${PATH}`]: () => (isFresh ? {} : refusal(403, { details: { causes: [{ reason: 'SignInAgain' }] } })),
      'POST /auth/login': () => {
        isFresh = true;
        return ANN;
      },
    });
    const { user } = showPage(<DevicePage />, { address: '/device?code=BCDF-GHJK' });
    await user.click(await screen.findByRole('button', { name: 'Let it in' }));
    await user.type(await screen.findByLabelText('Password'), 'secret{Enter}');
    await user.click(await screen.findByRole('button', { name: 'Let it in' }));
    expect(await screen.findByText(/You can go back to the terminal/)).toBeTruthy();
  });

  test('is found by a code that is typed; none is told so', async () => {
    answerWith({ 'GET /auth/session': ANN });
    const { user } = showPage(<DevicePage />, { address: '/device' });
    await user.type(await screen.findByLabelText('Code shown by the terminal'), 'xxxx{Enter}');
    expect(await screen.findByText(/No terminal waits with this code/)).toBeTruthy();
  });
});
