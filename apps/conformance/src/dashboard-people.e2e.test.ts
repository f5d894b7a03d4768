import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { WatchedPage } from './browser.js';
import { canBrowse, type DashboardStand, openDashboard } from './dashboard-stand.js';

const PASSWORD = 'a password of one’s own 1';
const LATER = 'another password 2';

/** A key that is always at hand, and says yes by itself. */
async function addAuthenticator(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page);
  await session.send('WebAuthn.enable');
  await session.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
}

describe.runIf(canBrowse)('people in the dashboard', () => {
  let stand: DashboardStand;
  let page: Page;
  /** The browser of who is invited. */
  let guest: WatchedPage;
  let link: string;

  beforeAll(async () => {
    stand = await openDashboard({ slot: 30, nodes: 1 });
    ({ page } = stand);
    guest = await stand.open();
  });

  afterAll(() => stand?.dispose());

  afterEach(() => {
    expect(stand.watched.errors).toEqual([]);
    expect(guest.errors).toEqual([]);
  });

  const secret = () => page.locator('[data-secret]').textContent();
  const atGuest = (path: string) => guest.page.goto(`${stand.cluster.webUrl}${path}`);

  test('a team is made, and somebody is invited into it by a link that is shown once', async () => {
    await stand.at('/c/root/teams.iam.binnacle.dev');
    await page.getByRole('button', { name: 'New team…' }).click();
    await page.getByLabel('Name', { exact: true }).fill('sailors');
    await page.getByRole('button', { name: 'Make the team' }).click();
    await page.getByRole('link', { name: 'sailors' }).waitFor();
    await stand.at('/c/root/invitations.iam.binnacle.dev');
    await page.getByRole('button', { name: 'Invite…' }).click();
    await page.getByLabel('Whom (shown to them)').fill('Ann Lee');
    await page.getByRole('checkbox', { name: 'sailors' }).check();
    await page.getByRole('button', { name: 'Make the link' }).click();
    link = (await secret()) ?? '';
    expect(link).toContain(`${stand.cluster.webUrl}/invitation#`);
    expect(await stand.watched.accessibilityFindings()).toEqual([]);
    await page.getByRole('button', { name: 'I have kept it' }).click();
    await page.getByRole('cell', { name: 'Pending' }).waitFor();
  });

  test('whoever has the link chooses a name and a password, and is in', async () => {
    await guest.page.goto(link);
    await guest.page.getByText('sailors').waitFor();
    expect(await guest.accessibilityFindings()).toEqual([]);
    await guest.page.getByLabel('User name').fill('ann');
    await guest.page.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await guest.page.getByLabel('Password again').fill('something else');
    await guest.page.getByRole('button', { name: 'Accept and sign in' }).click();
    await guest.page.getByText('The two are not the same.').last().waitFor();
    await guest.page.getByLabel('Password again').fill(PASSWORD);
    await guest.page.getByRole('button', { name: 'Accept and sign in' }).click();
    await guest.page.waitForURL('**/c/main');
    await page.getByRole('cell', { name: 'Accepted' }).waitFor();
    await stand.at('/c/root/teams.iam.binnacle.dev/sailors');
    await page.getByRole('link', { name: 'ann', exact: true }).waitFor();
  });

  test('a link holds once', async () => {
    const other = await stand.open();
    await other.page.goto(link);
    await other.page.getByText('This invitation does not hold').waitFor();
    expect(await other.accessibilityFindings()).toEqual([]);
    await other.page.context().close();
  });

  test('the account page tells what one has, and gives a token once', async () => {
    await atGuest('/c/main/account');
    await guest.page.getByText('team:sailors').first().waitFor();
    await guest.page.getByText('this one').waitFor();
    await guest.page.getByRole('button', { name: 'New token…' }).click();
    await guest.page.getByLabel('Name', { exact: true }).fill('ci');
    await guest.page.getByRole('checkbox', { name: 'It may only read' }).check();
    await guest.page.getByRole('button', { name: 'Make token' }).click();
    const token = (await guest.page.locator('[data-secret]').textContent()) ?? '';
    const headers = { authorization: `Bearer ${token}` };
    const review = await fetch(`${stand.cluster.webUrl}/apis/authentication.k8s.io/v1/selfsubjectreviews`, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify({ apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' }),
    });
    expect(await review.text()).toContain('"ann"');
    await guest.page.getByRole('button', { name: 'I have kept it' }).click();
    expect(await guest.page.locator('[data-secret]').count()).toBe(0);
    expect(await guest.accessibilityFindings()).toEqual([]);
    await guest.page.getByRole('button', { name: 'Revoke the token ci' }).click();
    await guest.page.getByText('No tokens').waitFor();
    const refused = await fetch(`${stand.cluster.webUrl}/api/v1/namespaces`, { headers });
    expect(refused.status).toBe(401);
  });

  test('a kubeconfig is given as a file', async () => {
    const download = guest.page.waitForEvent('download');
    await guest.page.getByRole('button', { name: 'Download kubeconfig' }).click();
    expect((await download).suggestedFilename()).toBe('kubeconfig-main.yaml');
  });

  test('a passkey is added, and signs in without a password', async ({ skip }) => {
    const methods = await fetch(`${stand.cluster.webUrl.replace('127.0.0.1', 'localhost')}/auth/methods`);
    const { passkeys } = (await methods.json()) as { passkeys: { available?: boolean } };
    skip(!passkeys.available, 'this server has no passkeys');
    // An address of figures can have none.
    const named = stand.cluster.webUrl.replace('127.0.0.1', 'localhost');
    const other = await stand.open();
    await addAuthenticator(other.page);
    await other.page.goto(`${named}/sign-in?to=/c/main/account`);
    await other.signIn('ann', PASSWORD);
    await other.page.waitForURL('**/c/main/account');
    await other.page.getByLabel('Name of the new passkey').fill('Virtual key');
    await other.page.getByRole('button', { name: 'Add a passkey' }).click();
    await other.page.getByText('Virtual key').waitFor();
    await other.page.getByRole('button', { name: 'Account: ann' }).click();
    await other.page.getByRole('menuitem', { name: 'Sign out' }).click();
    await other.page.waitForURL('**/sign-in**');
    const before = other.page.url();
    await Promise.race([
      // Where the browser offers it by itself, no press is needed.
      other.page.waitForURL((url) => String(url) !== before),
      other.page.getByRole('button', { name: 'Sign in with a passkey' }).click(),
    ]);
    await other.page.waitForURL('**/c/main');
    await other.page.getByRole('button', { name: 'Account: ann' }).waitFor();
    expect(other.errors).toEqual([]);
    await other.page.context().close();
  });

  test('a session that ends while a page is live is asked for over the page, and nothing typed is lost', async () => {
    await atGuest('/c/main/apply');
    await guest.page.locator('.cm-content').click();
    await guest.page.keyboard.type('# what was typed');
    await guest.mark();
    await stand.at('/c/root/users.iam.binnacle.dev/ann');
    await page.getByRole('button', { name: 'End all' }).click();
    const dialog = guest.page.getByRole('dialog', { name: 'Your session has ended' });
    await dialog.waitFor();
    expect(await guest.accessibilityFindings()).toEqual([]);
    await dialog.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await dialog.getByRole('button', { name: 'Sign in', exact: true }).click();
    await dialog.waitFor({ state: 'detached' });
    expect(await guest.wasReloaded()).toBe(false);
    expect(await guest.page.locator('.cm-content').textContent()).toContain('what was typed');
  });

  test('a password that an administrator made up must be changed first', async () => {
    await stand.at('/c/root/users.iam.binnacle.dev/ann');
    await page.getByRole('button', { name: 'Actions' }).click();
    await page.getByRole('menuitem', { name: 'Reset password…' }).click();
    await page.getByRole('button', { name: 'Reset', exact: true }).click();
    const made = (await secret()) ?? '';
    await page.getByRole('button', { name: 'I have kept it' }).click();
    const other = await stand.open();
    await other.signIn('ann', 'wrong');
    await other.page.getByText('User or password is wrong.').first().waitFor();
    await other.signIn('ann', made);
    await other.page.getByText('Choose a new password').waitFor();
    expect(await other.accessibilityFindings()).toEqual([]);
    // Until then nothing else is let, however it is asked for.
    await other.page.goto(`${stand.cluster.webUrl}/c/main/pods`);
    await other.page.getByLabel('Current password').fill(made);
    await other.page.getByLabel('New password', { exact: true }).fill(LATER);
    await other.page.getByLabel('New password again').fill(LATER);
    await other.page.getByRole('button', { name: 'Change password' }).click();
    await other.page.getByRole('heading', { name: 'Pods' }).waitFor();
    expect(other.errors).toEqual([]);
    await other.page.context().close();
  });

  test('who is disabled is out at once, and back when enabled', async () => {
    const other = await stand.open();
    await other.signIn('ann', LATER);
    await other.page.waitForURL('**/c/main');
    await stand.at('/c/root/users.iam.binnacle.dev/ann');
    await page.getByRole('button', { name: 'Actions' }).click();
    await page.getByRole('menuitem', { name: 'Disable…' }).click();
    await page.getByRole('button', { name: 'Disable', exact: true }).click();
    await other.page.getByRole('dialog', { name: 'Your session has ended' }).waitFor();
    await page.getByRole('button', { name: 'Enable' }).click();
    await page.getByText('Active').first().waitFor();
    await other.page.context().close();
  });
});
