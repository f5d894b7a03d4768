import { createHmac } from 'node:crypto';
import type { Context } from '@binnacle/machinery-context';
import { newBadRequest, newForbidden, newUnauthorized } from '@binnacle/machinery-meta';
import type { OneTimeStore, Passkey, PasskeyStore, PersonKey } from '@binnacle/server-storage';
import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/server';
import { isWithinAnother } from './client-data.js';

/** What a browser keeps between being asked for a passkey and showing one. */
export interface PendingCeremony {
  readonly challenge: string;
  /** Where the page was that asked; it must be the page that answers. */
  readonly origin: string;
  readonly relyingParty: string;
  /** Who registers; absent for a sign-in. */
  readonly person?: PersonKey;
}

/** Where a ceremony takes place. */
export type CeremonyPlace = Pick<PendingCeremony, 'origin' | 'relyingParty'>;

export interface PasskeyParts {
  readonly passkeys: PasskeyStore;
  readonly oneTime: OneTimeStore;
  /** 256 bits, the same in all servers of the installation. */
  readonly handleKey: Buffer;
}

/** For which a challenge is good. */
export const CEREMONY_SECONDS = 5 * 60;
const PRODUCT = 'Binnacle';
const MOST_PASSKEYS = 20;
/** Loaded when somebody has a passkey: it takes 24 MB. */
const library = () => import('@simplewebauthn/server');
/** One that is wrong in whatever way; why is for the log. */
const refused = () => newUnauthorized('the passkey was not accepted');

/** Registers passkeys and believes what they sign. Everything must come from the place, and the browser, that was asked. */
export class PasskeyCeremonies {
  constructor(private readonly parts: PasskeyParts) {}

  async beginSignIn(place: CeremonyPlace) {
    const { generateAuthenticationOptions } = await library();
    const options = await generateAuthenticationOptions({
      rpID: place.relyingParty,
      userVerification: 'required',
      timeout: CEREMONY_SECONDS * 1000,
    });
    return { options, pending: { ...place, challenge: options.challenge } satisfies PendingCeremony };
  }

  async beginRegistration(ctx: Context, place: CeremonyPlace, person: PersonKey, displayName: string) {
    const known = await this.parts.passkeys.listOf(ctx, person);
    const { generateRegistrationOptions } = await library();
    const options = await generateRegistrationOptions({
      rpName: PRODUCT,
      rpID: place.relyingParty,
      userName: person.account,
      userDisplayName: displayName,
      userID: this.handleOf(person),
      timeout: CEREMONY_SECONDS * 1000,
      excludeCredentials: known.map(({ id, transports }) => ({ id, transports: [...transports] })),
      authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    });
    return { options, pending: { ...place, person, challenge: options.challenge } satisfies PendingCeremony };
  }

  /** Rejects with BadRequest for an answer that is none, with Forbidden for one passkey too many. */
  async register(ctx: Context, pending: PendingCeremony, name: string, response: unknown): Promise<Passkey> {
    const { person, relyingParty } = pending;
    const credential = await this.registered(ctx, pending, response as RegistrationResponseJSON);
    if (!person || !credential) throw newBadRequest('the passkey was not accepted: register it anew');
    await this.claim(ctx, pending, () => newBadRequest('this passkey has been registered already'));
    const handle = this.textHandleOf(person);
    const passkey: Passkey = { ...credential, ...person, name, relyingParty, handle, createdAt: ctx.clock.now() };
    if (await this.parts.passkeys.add(ctx, passkey, MOST_PASSKEYS)) return passkey;
    throw newForbidden({ group: '', resource: '' }, '', `it is known already, or there are ${MOST_PASSKEYS} passkeys`);
  }

  /** Whose passkey signed. Rejects with Unauthorized. */
  async signIn(ctx: Context, pending: PendingCeremony, answer: unknown): Promise<Passkey> {
    const response = answer as AuthenticationResponseJSON;
    const passkey = typeof response?.id === 'string' ? await this.parts.passkeys.find(ctx, response.id) : undefined;
    if (!passkey || passkey.suspect || passkey.relyingParty !== pending.relyingParty) throw refused();
    if (!this.isHandleOf(passkey, response.response?.userHandle)) throw refused();
    const { newCounter, credentialBackedUp } = await this.verified(ctx, pending, response, passkey);
    await this.claim(ctx, pending, refused);
    await this.count(ctx, passkey, { counter: newCounter, backedUp: credentialBackedUp });
    return passkey;
  }

  private async registered(ctx: Context, pending: PendingCeremony, response: RegistrationResponseJSON) {
    try {
      if (isWithinAnother(response.response.clientDataJSON)) return undefined;
      const { verifyRegistrationResponse } = await library();
      const { registrationInfo: info } = await verifyRegistrationResponse({ ...expectationsOf(pending), response });
      if (!info) return undefined;
      const { id, publicKey, counter, transports = [] } = info.credential;
      const key = Buffer.from(publicKey).toString('base64url');
      const text = transports.filter((each) => typeof each === 'string').slice(0, 10);
      const common = { id, counter, transports: text, backedUp: info.credentialBackedUp, suspect: false };
      return { ...common, publicKey: key };
    } catch (error) {
      ctx.logger.debug('a passkey was not registered', { error });
      return undefined;
    }
  }

  private async verified(
    ctx: Context,
    pending: PendingCeremony,
    response: AuthenticationResponseJSON,
    { id, publicKey }: Passkey,
  ) {
    try {
      if (isWithinAnother(response.response.clientDataJSON)) throw new Error('it was shown within another page');
      const { verifyAuthenticationResponse } = await library();
      // The counter is looked at once the signature is known to be right: nobody else can make a passkey suspect.
      const credential = { id, publicKey: new Uint8Array(Buffer.from(publicKey, 'base64url')), counter: 0 };
      const { verified, authenticationInfo } = await verifyAuthenticationResponse({
        ...expectationsOf(pending),
        response,
        credential,
      });
      if (verified) return authenticationInfo;
      throw new Error('the signature is wrong');
    } catch (error) {
      ctx.logger.debug('a passkey was refused', { error });
      throw refused();
    }
  }

  /** Of a counter that went back there are two that count: which of them is the owner's cannot be told. */
  private async count(ctx: Context, passkey: Passkey, use: { counter: number; backedUp: boolean }): Promise<void> {
    const hasGoneOn = use.counter > passkey.counter || (use.counter === 0 && passkey.counter === 0);
    if (hasGoneOn && (await this.parts.passkeys.markUsed(ctx, passkey.id, use))) return;
    ctx.logger.warn('a passkey may have been copied: it signs nobody in any more', { user: passkey.account });
    await this.parts.passkeys.markSuspect(ctx, passkey.id);
    throw refused();
  }

  private async claim(ctx: Context, { challenge }: PendingCeremony, otherwise: () => Error): Promise<void> {
    const until = ctx.clock.now() + CEREMONY_SECONDS * 1000;
    if (!(await this.parts.oneTime.take(ctx, `passkey ${challenge}`, until))) throw otherwise();
  }

  /** The same for all passkeys of a person, and nothing that says who that is. */
  private handleOf({ account, uid }: PersonKey): Uint8Array<ArrayBuffer> {
    const mac = createHmac('sha256', this.parts.handleKey).update(JSON.stringify([account, uid]));
    return new Uint8Array(mac.digest());
  }

  private textHandleOf(person: PersonKey): string {
    return Buffer.from(this.handleOf(person)).toString('base64url');
  }

  /** One that came from another installation was told what its person was called there. */
  private isHandleOf(passkey: Passkey, handle: unknown): boolean {
    return handle === undefined || handle === (passkey.handle ?? this.textHandleOf(passkey));
  }
}

const expectationsOf = ({ challenge, origin, relyingParty }: PendingCeremony) => ({
  expectedChallenge: challenge,
  expectedOrigin: origin,
  expectedRPID: relyingParty,
  requireUserVerification: true,
});
