import { ConfigError } from '@binnacle/process-config';
import type { ServerPlace } from './ask-server.js';
import type { Credential } from './stored-logins.js';

const FIELDS = ['user', 'token', 'expiresAt', 'refreshToken', 'refreshExpiresAt'] as const;

/** What a server answers with a credential. @throws ConfigError */
export function readCredential(value: unknown): Credential {
  const answer = value as Record<string, unknown>;
  if (!FIELDS.every((name) => typeof answer[name] === 'string'))
    throw new ConfigError('the server answers with no credential; it may be of another release');
  return Object.fromEntries(FIELDS.map((name) => [name, answer[name]])) as unknown as Credential;
}

/** Where the server says that programs reach it, and who vouches for it there. @throws ConfigError */
export function readApiPlace(value: unknown): ServerPlace {
  const { server, certificateAuthority } = ((value as Record<string, unknown>).cluster ?? {}) as Record<
    string,
    unknown
  >;
  if (typeof server !== 'string' || typeof certificateAuthority !== 'string' || !server.startsWith('https://'))
    throw new ConfigError('the server does not say where its API is; give the address of the API server to --server');
  return { server, certificateAuthority };
}

/** A credential, and where it is shown. */
export interface SignedIn {
  readonly credential: Credential;
  readonly api: ServerPlace;
}

export const readSignedIn = (value: unknown): SignedIn => ({
  credential: readCredential(value),
  api: readApiPlace(value),
});
