import { call } from './http.js';

/** A browser, or a program, that is signed in. Times are RFC 3339. */
export interface OpenSession {
  readonly id: string;
  readonly created: string;
  readonly lastSeen: string;
  readonly expiresAt: string;
  readonly address?: string;
  readonly userAgent?: string;
  /** The one that asks. */
  readonly current?: boolean;
}

/** A token for programs; what it is made of is told once. */
export interface ApiToken {
  readonly id: string;
  readonly name: string;
  readonly created: string;
  readonly expiresAt: string;
  readonly lastUsed?: string;
  /** Where it holds; empty: everywhere. */
  readonly clusters?: readonly string[];
  readonly readOnly?: boolean;
}

export interface TokenWish {
  readonly name: string;
  readonly expiresAt: string;
  readonly scope: { readonly clusters: readonly string[]; readonly readOnly: boolean };
}

interface Items<T> {
  readonly items: readonly T[];
}

const read = async <T>(path: string, signal?: AbortSignal): Promise<readonly T[]> =>
  (await call<Items<T>>(path, signal ? { signal } : {})).items;
const end = (path: string): Promise<unknown> => call(path, { method: 'DELETE' });

export const fetchSessions = (signal?: AbortSignal): Promise<readonly OpenSession[]> =>
  read<OpenSession>('/auth/sessions', signal);
export const endSession = (id: string): Promise<unknown> => end(`/auth/sessions/${encodeURIComponent(id)}`);
export const endOtherSessions = (): Promise<unknown> => end('/auth/sessions');

export const fetchTokens = (signal?: AbortSignal): Promise<readonly ApiToken[]> =>
  read<ApiToken>('/auth/tokens', signal);
export const revokeToken = (id: string): Promise<unknown> => end(`/auth/tokens/${encodeURIComponent(id)}`);
export const makeToken = (wish: TokenWish): Promise<ApiToken & { readonly token: string }> =>
  call('/auth/tokens', { method: 'POST', body: wish });

/** A kubeconfig with a token of its own, as text. */
export const makeKubeconfig = (cluster: string): Promise<{ readonly kubeconfig: string }> =>
  call('/auth/kubeconfig', { method: 'POST', body: { cluster } });
