import type { OtherSignInStores } from '@binnacle/server-storage';
import type { DataSource } from 'typeorm';
import { PostgresIdentities } from './identities.js';
import { PostgresOneTime } from './one-time.js';
import { PostgresPasskeys } from './passkeys.js';
import { PostgresTerminalRequests } from './terminal-requests.js';

/** What the ways to sign in beside a password keep, in the tables of a database. */
export function postgresOtherSignIns(source: DataSource): OtherSignInStores {
  return {
    identities: new PostgresIdentities(source),
    passkeys: new PostgresPasskeys(source),
    oneTime: new PostgresOneTime(source),
    terminals: new PostgresTerminalRequests(source),
  };
}
