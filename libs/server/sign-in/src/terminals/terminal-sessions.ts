import { type Context, type Soon, soon } from '@binnacle/machinery-context';
import { newUnauthorized } from '@binnacle/machinery-meta';
import {
  type AuthenticationMethod,
  bearerToken,
  type Credentials,
  hashOfSecret,
  type Installation,
  type People,
  type Person,
  type UserInfo,
  type WebSessions,
} from '@binnacle/server-auth';
import type { Session, SessionStore } from '@binnacle/server-storage';
import { TerminalTokens } from './terminal-tokens.js';

const SECRET = 'terminal session';
const ended = () => newUnauthorized('the sign-in has ended');

/** What a terminal keeps. Times are milliseconds since the epoch. */
export interface TerminalCredential {
  readonly user: string;
  readonly token: string;
  readonly expiresAt: number;
  readonly refreshToken: string;
  readonly refreshExpiresAt: number;
}

export interface TerminalOrigin {
  readonly client: string;
  readonly address: string;
  readonly teams: readonly string[];
}

export interface TerminalSessionParts {
  readonly web: WebSessions;
  readonly people: Pick<People, 'find'>;
  readonly sessions: SessionStore;
  readonly installation: Installation;
}

/** Sessions of terminals, which are listed and ended as those of browsers are; requests show tokens that end soon. */
export class TerminalSessions implements AuthenticationMethod {
  private readonly tokens: TerminalTokens;

  constructor(private readonly parts: TerminalSessionParts) {
    this.tokens = new TerminalTokens(parts.installation);
  }

  /**
   * A session, where what was shown for it `holds` still when it is there: whoever takes that away does so before they end sessions.
   * Undefined where it does not.
   */
  async begin(
    ctx: Context,
    person: Person,
    { client, address, teams }: TerminalOrigin,
    holds: () => Promise<boolean>,
  ): Promise<TerminalCredential | undefined> {
    const secret = this.parts.installation.newSecret(SECRET);
    const origin = { method: 'terminal' as const, teams };
    const session = await this.parts.web.open(ctx, { person, secret, from: { address, userAgent: client }, origin });
    if (!(await holds())) {
      await this.parts.sessions.remove(ctx, session.idHash);
      return undefined;
    }
    ctx.logger.info('a terminal signed in', { user: person.name, address });
    return this.credential(ctx, session, secret);
  }

  /** The next token of a session that goes on. Rejects with Unauthorized where it has ended. */
  async refresh(ctx: Context, secret: string): Promise<TerminalCredential> {
    const session = await this.find(ctx, secret);
    // Who is disabled is nobody at once; that a session is used is noted by the same look.
    const user = await this.parts.web.userOfSession(ctx, session.idHash);
    if (!user) throw ended();
    const now = await this.find(ctx, secret);
    return this.credential(ctx, now, secret);
  }

  /** Answers whose it was; undefined where it had ended. */
  async revoke(ctx: Context, secret: string): Promise<string | undefined> {
    if (!this.parts.installation.isOwn(SECRET, secret)) return undefined;
    const idHash = hashOfSecret(secret);
    const session = await this.parts.sessions.find(ctx, idHash);
    await this.parts.sessions.remove(ctx, idHash);
    return session?.account;
  }

  authenticate(ctx: Context, { headers }: Credentials): Soon<UserInfo | undefined> {
    const token = bearerToken(headers);
    if (token === undefined || !TerminalTokens.isOne(token)) return undefined;
    const read = this.tokens.read(ctx, token);
    if (!read) throw newUnauthorized('Unauthorized');
    return soon(this.parts.web.userOfSession(ctx, read.idHash), (user) => {
      if (!user) throw newUnauthorized('Unauthorized');
      return user;
    });
  }

  private async find(ctx: Context, secret: string): Promise<Session> {
    if (!this.parts.installation.isOwn(SECRET, secret)) throw ended();
    const session = await this.parts.sessions.find(ctx, hashOfSecret(secret));
    if (session?.method !== 'terminal') throw ended();
    return session;
  }

  private credential(ctx: Context, session: Session, secret: string): TerminalCredential {
    const { token, expiresAt } = this.tokens.issue(ctx, session.idHash);
    return { user: session.account, token, expiresAt, refreshToken: secret, refreshExpiresAt: session.expiresAt };
  }
}
