import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { writePrivate } from '../data-dir/write-file.js';
import type { ServerPlace } from './ask-server.js';

/** What a server gave a terminal. Times are RFC 3339. */
export interface Credential {
  readonly user: string;
  /** What requests show. */
  readonly token: string;
  readonly expiresAt: string;
  /** What the next token is had for. */
  readonly refreshToken: string;
  readonly refreshExpiresAt: string;
}

export type StoredLogin = ServerPlace & Credential;

/** Where somebody signed in, and as whom. */
export type Whose = Pick<StoredLogin, 'server' | 'user'>;

type Environment = Readonly<Record<string, string | undefined>>;

/** Where this account keeps what it signed in with: `$XDG_STATE_HOME/binnacle-login`, or below the home directory. */
export function loginDirectory(environment: Environment = process.env): string {
  const { BINNACLE_LOGIN_DIR: own, XDG_STATE_HOME: state } = environment;
  return own || join(state || join(homedir(), '.local', 'state'), 'binnacle-login');
}

function isLogin(value: unknown): value is StoredLogin {
  const texts = ['server', 'user', 'token', 'expiresAt', 'refreshToken', 'refreshExpiresAt'];
  const login = value as Record<string, unknown> | null;
  return typeof login === 'object' && login !== null && texts.every((name) => typeof login[name] === 'string');
}

/** What this account has signed in to, a file each, which nobody else may read. */
export class StoredLogins {
  constructor(private readonly directory = loginDirectory()) {}

  find(whose: Whose): StoredLogin | undefined {
    return this.read(this.fileOf(whose));
  }

  list(): StoredLogin[] {
    return this.files()
      .map((file) => this.read(join(this.directory, file)))
      .filter((login) => login !== undefined);
  }

  save(login: StoredLogin): void {
    mkdirSync(this.directory, { recursive: true, mode: 0o700 });
    writePrivate(this.fileOf(login), `${JSON.stringify(login, undefined, 2)}\n`);
  }

  remove(whose: Whose): void {
    rmSync(this.fileOf(whose), { force: true });
  }

  private files(): string[] {
    try {
      return readdirSync(this.directory).filter((file) => /^[\w-]{22}\.json$/.test(file));
    } catch {
      return [];
    }
  }

  private fileOf({ server, user }: Whose): string {
    const name = createHash('sha256')
      .update(JSON.stringify([server, user]))
      .digest('base64url')
      .slice(0, 22);
    return join(this.directory, `${name}.json`);
  }

  private read(file: string): StoredLogin | undefined {
    try {
      const value: unknown = JSON.parse(readFileSync(file, 'utf8'));
      return isLogin(value) ? value : undefined;
    } catch {
      return undefined;
    }
  }
}
