import { call } from './http.js';

/** Who is signed in. */
export interface Session {
  readonly user: string;
  readonly groups: readonly string[];
  /** Shown in place of the name; empty or absent: the name. */
  readonly displayName?: string;
  /** The password was made up by somebody else: until it is changed nothing else may be done. */
  readonly mustChangePassword?: boolean;
  /** RFC 3339; absent for what does not end by itself. */
  readonly expiresAt?: string;
}

/** A way to sign in by another system. */
export interface SignInProvider {
  readonly name: string;
  /** What stands on its button. */
  readonly label: string;
  /** Where it begins: an address of this server. */
  readonly start: string;
}

/** How one may sign in here. */
export interface SignInMethods {
  readonly password: boolean;
  readonly providers: readonly SignInProvider[];
  /** `address`: where there could be some, if not here. */
  readonly passkeys: { readonly available: boolean; readonly address?: string };
}

const post = <T>(path: string, body: object = {}): Promise<T> => call<T>(path, { method: 'POST', body });

export const fetchSession = (signal?: AbortSignal): Promise<Session> =>
  call<Session>('/auth/session', signal ? { signal } : {});

/** A server may say less: what it does not say, it does not have. */
export async function fetchMethods(signal?: AbortSignal): Promise<SignInMethods> {
  const told = await call<Partial<SignInMethods>>('/auth/methods', signal ? { signal } : {});
  const { password = true, providers = [], passkeys } = told;
  return { password, providers, passkeys: typeof passkeys === 'object' ? passkeys : { available: false } };
}

export const signIn = (user: string, password: string): Promise<Session> =>
  post<Session>('/auth/login', { user, password });

/** Ends all other sessions. Unauthorized for a wrong password, Invalid (422) for a new one that will not do. */
export const changePassword = (password: string, newPassword: string): Promise<Session> =>
  post<Session>('/auth/password', { password, newPassword });

export const signOut = (): Promise<void> => post<void>('/auth/logout');

/** Where signing in by another system begins; `next` is an address of ours to come back to. */
export const providerStart = ({ start }: SignInProvider, next: string): string =>
  `${start}?${new URLSearchParams({ next })}`;

/** What an invitation offers. */
export interface InvitationOffer {
  readonly displayName?: string;
  readonly email?: string;
  readonly teams: readonly string[];
  readonly expiresAt: string;
}

/** NotFound for one that is not there, was accepted or has expired. */
export const fetchInvitation = (secret: string, signal?: AbortSignal): Promise<InvitationOffer> =>
  call<InvitationOffer>(`/auth/invitations/${encodeURIComponent(secret)}`, signal ? { signal } : {});

export interface Acceptance {
  readonly secret: string;
  readonly user: string;
  readonly displayName?: string;
  readonly password: string;
}

/** Answers as signed in. Conflict for a name that is taken, Invalid (422) for a name or password that will not do. */
export const acceptInvitation = (acceptance: Acceptance): Promise<Session> =>
  post<Session>('/auth/invitations/accept', acceptance);
