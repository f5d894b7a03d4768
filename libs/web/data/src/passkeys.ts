import { call } from './http.js';
import type { Session } from './session.js';

/** A key of a device or of a password manager. Times are RFC 3339. */
export interface Passkey {
  readonly id: string;
  readonly name: string;
  readonly createdAt: string;
  readonly lastUsedAt?: string;
  /** It is kept on more than one device. */
  readonly backedUp?: boolean;
}

type Offer<T> = Promise<{ readonly publicKey: T }>;
const post = <T>(path: string, body: object = {}): Promise<T> => call<T>(path, { method: 'POST', body });

/** Whether this browser can use passkeys at all. */
export const hasPasskeys = (): boolean =>
  typeof PublicKeyCredential !== 'undefined' && 'parseRequestOptionsFromJSON' in PublicKeyCredential;

/** Whether passkeys can be offered where a name is typed, without a press. */
export async function offersPasskeys(): Promise<boolean> {
  if (!hasPasskeys()) return false;
  return (await PublicKeyCredential.isConditionalMediationAvailable?.()) ?? false;
}

const toJson = (credential: Credential | null): object => {
  if (!(credential instanceof PublicKeyCredential)) throw new Error('no passkey was given');
  return credential.toJSON() as object;
};

interface PasskeyWish {
  /** It waits for a passkey to be chosen where the name is typed. */
  readonly conditional: boolean;
  readonly signal: AbortSignal;
}

/** Rejects with a `DOMException` where none was given, which is nobody's fault. */
export async function signInByPasskey({ conditional, signal }: PasskeyWish): Promise<Session> {
  const { publicKey } = await (post('/auth/passkeys/sign-in/options') as Offer<PublicKeyCredentialRequestOptionsJSON>);
  const credential = await navigator.credentials.get({
    publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(publicKey),
    signal,
    ...(conditional && { mediation: 'conditional' as const }),
  });
  return post<Session>('/auth/passkeys/sign-in', toJson(credential));
}

export async function registerPasskey(name: string): Promise<Passkey> {
  const { publicKey } = await (post(
    '/auth/passkeys/register/options',
  ) as Offer<PublicKeyCredentialCreationOptionsJSON>);
  const credential = await navigator.credentials.create({
    publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(publicKey),
  });
  return post<Passkey>('/auth/passkeys/register', { name, response: toJson(credential) });
}

export const fetchPasskeys = async (signal?: AbortSignal): Promise<readonly Passkey[]> =>
  (await call<{ readonly items: readonly Passkey[] }>('/auth/passkeys', signal ? { signal } : {})).items;

export const deletePasskey = (id: string): Promise<unknown> =>
  call(`/auth/passkeys/${encodeURIComponent(id)}`, { method: 'DELETE' });
