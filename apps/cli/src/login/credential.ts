import type { Context } from '@binnacle/machinery-context';
import { ConfigError } from '@binnacle/process-config';
import { askServer, ServerRefusal } from './ask-server.js';
import { readCredential } from './credential-answer.js';
import type { StoredLogin, StoredLogins, Whose } from './stored-logins.js';

/** A token is renewed when it would not outlive a slow request. */
const SPARE_MILLISECONDS = 60_000;

const again = ({ server }: Whose): string => `run "binnacle login --server ${server}"`;

const isFresh = (ctx: Context, { expiresAt }: StoredLogin): boolean =>
  Date.parse(expiresAt) - ctx.clock.now() > SPARE_MILLISECONDS;

async function renewed(ctx: Context, logins: StoredLogins, login: StoredLogin): Promise<StoredLogin> {
  const { server, certificateAuthority, refreshToken } = login;
  try {
    const answer = await askServer(ctx, login, 'POST', '/auth/device/refresh', { refreshToken });
    const next: StoredLogin = { server, certificateAuthority, ...readCredential(answer) };
    logins.save(next);
    return next;
  } catch (error) {
    if (!(error instanceof ServerRefusal)) throw error;
    if (error.code !== 401) throw new ConfigError(error.message, { cause: error });
    throw new ConfigError(`the sign-in to ${server} has ended; ${again(login)}`, { cause: error });
  }
}

/** A token for a server that is good for a while. Rejects with ConfigError where nobody is signed in there any more. */
export async function currentCredential(ctx: Context, logins: StoredLogins, whose: Whose): Promise<StoredLogin> {
  const login = logins.find(whose);
  if (!login) throw new ConfigError(`${whose.user} is not signed in to ${whose.server}; ${again(whose)}`);
  return isFresh(ctx, login) ? login : renewed(ctx, logins, login);
}

/** As client-go reads it from a plugin. Behaves as kubernetes client-go plugin/pkg/client/auth/exec wants. */
export function execCredential({ token, expiresAt }: Pick<StoredLogin, 'token' | 'expiresAt'>): string {
  const seconds = new Date(Date.parse(expiresAt) - SPARE_MILLISECONDS).toISOString().replace(/\.\d+Z$/, 'Z');
  return JSON.stringify({
    apiVersion: 'client.authentication.k8s.io/v1',
    kind: 'ExecCredential',
    status: { token, expirationTimestamp: seconds },
  });
}
