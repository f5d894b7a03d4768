import { ConfigError } from '@binnacle/process-config';
import type { Credential } from './stored-logins.js';

const FIELDS = ['user', 'token', 'expiresAt', 'refreshToken', 'refreshExpiresAt'] as const;

/** What a server answers with a credential. @throws ConfigError */
export function readCredential(value: unknown): Credential {
  const answer = value as Record<string, unknown>;
  if (!FIELDS.every((name) => typeof answer[name] === 'string'))
    throw new ConfigError('the server answers with no credential; it may be of another release');
  return Object.fromEntries(FIELDS.map((name) => [name, answer[name]])) as unknown as Credential;
}
