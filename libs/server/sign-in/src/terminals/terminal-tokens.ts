import type { Context } from '@binnacle/machinery-context';
import type { Installation } from '@binnacle/server-auth';

const PREFIX = 'binnacle-terminal';
/** A request that was made with one is on its way for no longer than this after it has ended. */
export const TOKEN_SECONDS = 15 * 60;

/** What a token says: of which session it is, and until when. */
export interface TerminalToken {
  /** The session's, as it is stored. */
  readonly idHash: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

const TOKEN = /^binnacle-terminal\.([\w-]{43})\.(\d{1,12})\.([\w-]{22})$/;

/** Tokens for one session of a terminal, which nobody has to look up: they end soon, and with the session. */
export class TerminalTokens {
  constructor(private readonly installation: Installation) {}

  issue(ctx: Context, idHash: string): { readonly token: string; readonly expiresAt: number } {
    const seconds = Math.floor(ctx.clock.now() / 1000) + TOKEN_SECONDS;
    const text = `${idHash}.${seconds}`;
    return { token: `${PREFIX}.${text}.${this.installation.tagOf(PREFIX, text)}`, expiresAt: seconds * 1000 };
  }

  /** Whether it looks like one, so that it is nobody else's to read. */
  static isOne(token: string): boolean {
    return token.startsWith(`${PREFIX}.`);
  }

  /** Undefined for one that has expired, or was made elsewhere. */
  read(ctx: Context, token: string): TerminalToken | undefined {
    const [, idHash = '', seconds = '', tag = ''] = TOKEN.exec(token) ?? [];
    if (!this.installation.isTagOf(PREFIX, `${idHash}.${seconds}`, tag)) return undefined;
    const expiresAt = Number(seconds) * 1000;
    return expiresAt > ctx.clock.now() ? { idHash, expiresAt } : undefined;
  }
}
