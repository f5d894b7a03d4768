import type { Context } from '@binnacle/machinery-context';
import { ConfigError } from '@binnacle/process-config';
import { askServer, type ServerPlace, ServerRefusal } from './ask-server.js';
import { clientName } from './browser-sign-in.js';
import { readCredential } from './credential-answer.js';
import type { Credential } from './stored-logins.js';

/** Is signed in by a name and a password. Rejects with ConfigError in the server's words. */
export async function signInByPassword(
  ctx: Context,
  place: ServerPlace,
  user: string,
  password: string,
): Promise<Credential> {
  const body = { user, password, client: clientName() };
  try {
    return readCredential(await askServer(ctx, place, 'POST', '/auth/device/password', body));
  } catch (error) {
    if (error instanceof ServerRefusal) throw new ConfigError(error.message, { cause: error });
    throw error;
  }
}
