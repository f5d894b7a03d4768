import type { Context } from '@binnacle/machinery-context';
import { ConfigError } from '@binnacle/process-config';
import { askServer, type ServerPlace, ServerRefusal } from './ask-server.js';
import { clientName } from './browser-sign-in.js';
import { readSignedIn, type SignedIn } from './credential-answer.js';

/** Is signed in by a name and a password. Rejects with ConfigError in the server's words. */
export async function signInByPassword(
  ctx: Context,
  place: ServerPlace,
  user: string,
  password: string,
): Promise<SignedIn> {
  const body = { user, password, client: clientName() };
  try {
    return readSignedIn(await askServer(ctx, place, 'POST', '/auth/device/password', body));
  } catch (error) {
    if (error instanceof ServerRefusal) throw new ConfigError(error.message, { cause: error });
    throw error;
  }
}
