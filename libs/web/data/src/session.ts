import { call } from './http.js';

export interface Session {
  readonly user: string;
  readonly groups: readonly string[];
}

export const fetchSession = (signal?: AbortSignal): Promise<Session> =>
  call<Session>('/auth/session', signal ? { signal } : {});

export const signIn = (user: string, password: string): Promise<Session> =>
  call<Session>('/auth/login', { method: 'POST', body: { user, password } });

export const signOut = (): Promise<void> => call<void>('/auth/logout', { method: 'POST', body: {} });
