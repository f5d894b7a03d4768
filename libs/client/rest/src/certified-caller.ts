import type { TLSSocket } from 'node:tls';
import type { Caller } from './delegated-access.js';

/** Let in by its certificate alone, so that a component can be looked into while no API server answers. */
const ADMINISTRATORS = 'system:masters';

const listOf = (value: string | string[] | undefined): string[] => (value === undefined ? [] : [value].flat());

/** Who the connection's certificate proves; undefined where there is none that is believed. */
export function certifiedCaller(socket: TLSSocket): Caller | undefined {
  const subject = socket.authorized ? socket.getPeerCertificate().subject : undefined;
  const [name] = listOf(subject?.CN);
  return name === undefined ? undefined : { name, groups: [...listOf(subject?.O), 'system:authenticated'] };
}

export const isAdministrator = (caller: Caller | undefined): boolean =>
  caller?.groups.includes(ADMINISTRATORS) ?? false;
