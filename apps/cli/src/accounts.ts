import { randomBytes, randomInt, scryptSync } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { ConfigError } from '@binnacle/process-config';
import type { DataDir } from './data-dir/layout.js';
import { writePrivate } from './data-dir/write-file.js';

/** Letters and digits that are not mistaken for one another. */
const ALPHABET = 'abcdefghjkmnpqrstuvwxyz23456789';
const GROUPS_OF = 5;
const COST = { N: 16_384, r: 8, p: 1 };

/** About 98 bits, in four groups that can be read out. */
export function generatePassword(): string {
  const letter = () => ALPHABET[randomInt(ALPHABET.length)];
  return Array.from({ length: 4 }, () => Array.from({ length: GROUPS_OF }, letter).join('')).join('-');
}

/** `scrypt$N$r$p$salt$hash`, salt and 32-byte hash in base64url. */
export function hashPassword(password: string): string {
  const salt = randomBytes(16);
  const hash = scryptSync(password, salt, 32, COST);
  return ['scrypt', COST.N, COST.r, COST.p, salt.toString('base64url'), hash.toString('base64url')].join('$');
}

export interface AccountFile {
  readonly name: string;
  readonly groups: readonly string[];
  readonly scrypt: string;
}

/** The accounts a database without any begins with. */
export function writeAccounts(dir: DataDir, accounts: readonly AccountFile[]): void {
  writePrivate(dir.accounts, `${JSON.stringify(accounts)}\n`);
}

function requireAccounts({ accounts }: DataDir): undefined {
  try {
    JSON.parse(readFileSync(accounts, 'utf8'));
    return undefined;
  } catch (error) {
    const mend = 'remove it, start, and give the first account a new password with "binnacle password"';
    throw new ConfigError(`${accounts} cannot be read (${(error as Error).message}); ${mend}`);
  }
}

/**
 * Makes the first account, once: the file holds only the hash, and the password is answered so that it can be shown.
 * On later starts there is nothing to answer.
 */
export function ensureFirstAccount(dir: DataDir, name: string): string | undefined {
  if (existsSync(dir.accounts)) return requireAccounts(dir);
  const password = generatePassword();
  writeAccounts(dir, [{ name, groups: ['system:masters'], scrypt: hashPassword(password) }]);
  return password;
}
