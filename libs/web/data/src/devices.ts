import { StatusError } from '@binnacle/machinery-meta';
import { call } from './http.js';

/** A terminal that waits to be let in. Times are RFC 3339. */
export interface DeviceRequest {
  readonly userCode: string;
  readonly client: string;
  readonly address: string;
  readonly createdAt: string;
  readonly expiresAt: string;
}

const pathOf = (userCode: string): string => `/auth/device/requests/${encodeURIComponent(userCode)}`;

/** NotFound where none waits with that code. */
export const fetchDeviceRequest = (userCode: string, signal?: AbortSignal): Promise<DeviceRequest> =>
  call<DeviceRequest>(pathOf(userCode), signal ? { signal } : {});

export const answerDeviceRequest = (userCode: string, approve: boolean): Promise<unknown> =>
  call(pathOf(userCode), { method: 'POST', body: { approve } });

/** The session is too old for this: whoever is signed in must show anew that it is them. */
export function wantsSignInAgain(error: unknown): boolean {
  return error instanceof StatusError && error.details?.causes?.some(({ reason }) => reason === 'SignInAgain') === true;
}
