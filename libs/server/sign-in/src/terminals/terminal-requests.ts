import { createHash } from 'node:crypto';
import type { Context } from '@binnacle/machinery-context';
import { newBadRequest, newNotFound, newTooManyRequests, StatusError } from '@binnacle/machinery-meta';
import type { Installation } from '@binnacle/server-auth';
import type { PersonKey, TerminalRequest, TerminalRequestStore } from '@binnacle/server-storage';
import { newUserCode, readUserCode } from './user-code.js';

export const REQUEST_SECONDS = 10 * 60;
export const POLL_SECONDS = 2;
/** Of everybody together: nobody can fill more than this with what they do not finish. */
const MOST_WAITING = 1_000;
const LONGEST_CLIENT = 100;
const DEVICE_CODE = 'terminal request';
/** What would hide or turn around what is shown to who approves. */
const ODD = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu;

export type PollRefusal = 'AuthorizationPending' | 'SlowDown' | 'AccessDenied' | 'ExpiredToken';

const WORDS: Readonly<Record<PollRefusal, string>> = {
  AuthorizationPending: 'nobody has approved it yet',
  SlowDown: `ask every ${POLL_SECONDS} seconds at most`,
  AccessDenied: 'it was refused in the browser',
  ExpiredToken: 'the code is not good any more: begin anew',
};

const hashOf = (text: string): string => createHash('sha256').update(text).digest('base64url');

export function pollRefusal(reason: PollRefusal): StatusError {
  const message = WORDS[reason];
  return new StatusError(400, 'BadRequest', message, { causes: [{ reason, message }] });
}

const noSuchCode = () => newNotFound({ group: '', resource: 'codes' }, '');

/** What was approved, by whom. */
export interface ApprovedTerminal {
  readonly person: PersonKey;
  readonly teams: readonly string[];
  readonly client: string;
  readonly address: string;
}

/** Lets a terminal be signed in by somebody who is signed in in a browser, as RFC 8628 does. */
export class TerminalRequests {
  constructor(
    private readonly store: TerminalRequestStore,
    private readonly installation: Installation,
  ) {}

  /** Rejects with TooManyRequests where too many wait. */
  async begin(ctx: Context, client: unknown, address: string) {
    const [deviceCode, userCode] = [this.installation.newSecret(DEVICE_CODE), newUserCode()];
    const now = ctx.clock.now();
    const request: TerminalRequest = {
      codeHash: hashOf(deviceCode),
      userCodeHash: hashOf(userCode),
      client: clientName(client),
      address,
      createdAt: now,
      expiresAt: now + REQUEST_SECONDS * 1000,
      state: 'pending',
    };
    if (await this.store.add(ctx, request, MOST_WAITING)) return { deviceCode, userCode };
    throw newTooManyRequests('too many terminals wait for an answer, please try again later', REQUEST_SECONDS);
  }

  /** One that waits for an answer. Rejects with NotFound. */
  async find(ctx: Context, typed: string): Promise<TerminalRequest & { readonly userCode: string }> {
    const userCode = readUserCode(typed);
    const request = userCode === undefined ? undefined : await this.store.findByUserCode(ctx, hashOf(userCode));
    if (!userCode || request?.state !== 'pending') throw noSuchCode();
    return { ...request, userCode };
  }

  /** Rejects with NotFound for one that does not wait any more. */
  async settle(ctx: Context, typed: string, by: Pick<ApprovedTerminal, 'person' | 'teams'> | undefined): Promise<void> {
    const userCode = readUserCode(typed);
    const outcome = by ? { state: 'approved' as const, ...by } : { state: 'denied' as const };
    if (!userCode || !(await this.store.settle(ctx, hashOf(userCode), outcome))) throw noSuchCode();
  }

  /** What was approved, and is still to be claimed. Rejects with BadRequest and a `PollRefusal` as its cause otherwise. */
  async approved(ctx: Context, deviceCode: string): Promise<ApprovedTerminal> {
    if (!this.installation.isOwn(DEVICE_CODE, deviceCode)) throw newBadRequest('it is no code of this installation');
    const polled = await this.store.poll(ctx, hashOf(deviceCode));
    if (!polled) throw pollRefusal('ExpiredToken');
    if (polled.state === 'denied') throw pollRefusal('AccessDenied');
    if (polled.state === 'pending')
      throw pollRefusal(isEarly(ctx, polled.polledAt) ? 'SlowDown' : 'AuthorizationPending');
    const { person, teams = [], client, address } = polled;
    if (!person) throw pollRefusal('ExpiredToken');
    return { person, teams, client, address };
  }

  /** Whether it is this terminal's now: for one of those who ask at the same time, and while it was not taken back. */
  async claim(ctx: Context, deviceCode: string): Promise<boolean> {
    return (await this.store.take(ctx, hashOf(deviceCode))) !== undefined;
  }
}

/** Within the time a clock may be coarse by. */
const isEarly = (ctx: Context, polledAt: number | undefined): boolean =>
  polledAt !== undefined && ctx.clock.now() - polledAt < (POLL_SECONDS * 1000) / 2;

/** What a terminal says it is, as it is shown. */
export function clientName(text: unknown): string {
  const name = typeof text === 'string' ? text.replace(ODD, ' ').trim().slice(0, LONGEST_CLIENT) : '';
  return name || 'a terminal';
}
