import type { Cluster } from './cluster.js';

/** A signed-in browser's way to talk to the cluster: its cookie and the header that tells it from a forged form. */
export interface WebSession {
  readonly headers: Readonly<Record<string, string>>;
}

/** Signs in as the first user. */
export async function signIn({ webUrl, user, password }: Cluster): Promise<WebSession> {
  const response = await fetch(`${webUrl}/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-binnacle-csrf': '1' },
    body: JSON.stringify({ user, password }),
  });
  if (!response.ok) throw new Error(`cannot sign in: ${response.status} ${await response.text()}`);
  const cookie = response.headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ');
  return { headers: { cookie, 'x-binnacle-csrf': '1' } };
}
