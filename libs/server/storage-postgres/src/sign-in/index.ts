import type { SignInStores } from '@binnacle/server-storage';
import type { DataSource } from 'typeorm';
import { postgresOtherSignIns } from './other/index.js';
import { PostgresAccounts } from './accounts.js';
import { PostgresExclusive } from './exclusive.js';
import { PostgresInvitationLinks } from './invitation-links.js';
import { PostgresSessions } from './sessions.js';
import { PostgresTokens } from './tokens.js';

export { PostgresAccounts } from './accounts.js';
export { PostgresSessions } from './sessions.js';

/** What people sign in with, in the tables of a database. */
export function postgresSignIn(source: DataSource): SignInStores {
  return {
    accounts: new PostgresAccounts(source),
    sessions: new PostgresSessions(source),
    tokens: new PostgresTokens(source),
    links: new PostgresInvitationLinks(source),
    exclusive: new PostgresExclusive(source),
    other: postgresOtherSignIns(source),
  };
}
