import {
  type Gateway,
  GATEWAY_GROUP,
  type Listener,
  type RouteKind,
  type SecretReference,
} from '@binnacle/apis-gateway';
import type { Certificate } from '../front/certificates.js';
import type { Grants } from './grants.js';
import { no, type Said, yes } from './said.js';

/** A certificate, or why there is none. */
export type ReadCertificate = (secret: string) => Certificate | { readonly words: string };

export interface ListenerFacts {
  readonly grants: Grants;
  readonly certificate: ReadCertificate;
}

/** A listener of a Gateway, and what is to be said of it. */
export interface ReadListener {
  readonly listener: Listener;
  /** In lower case; empty for all. */
  readonly hostname: string;
  readonly kinds: readonly RouteKind[];
  readonly certificates: readonly Certificate[];
  readonly said: readonly Said[];
  /** Whether routes may be attached to it. */
  readonly isAccepted: boolean;
  /** Whether it is served. */
  readonly isProgrammed: boolean;
}

export const SECURE = 'HTTPS';
const PROTOCOLS = ['HTTP', SECURE];
const KINDS: readonly RouteKind[] = [
  { group: GATEWAY_GROUP, kind: 'HTTPRoute' },
  { group: GATEWAY_GROUP, kind: 'GRPCRoute' },
];

const isSame = (a: RouteKind, b: RouteKind): boolean =>
  (a.group ?? GATEWAY_GROUP) === (b.group ?? GATEWAY_GROUP) && a.kind === b.kind;

/** The kinds of routes that a listener takes, and whether it names any that nobody knows. */
function kindsOf({ protocol, allowedRoutes }: Listener): { kinds: readonly RouteKind[]; unknown: boolean } {
  const known = PROTOCOLS.includes(protocol) ? KINDS : [];
  const wanted = allowedRoutes?.kinds ?? [];
  if (wanted.length === 0) return { kinds: known, unknown: false };
  const kinds = known.filter((kind) => wanted.some((one) => isSame(one, kind)));
  return { kinds, unknown: wanted.some((one) => !known.some((kind) => isSame(one, kind))) };
}

interface Found {
  readonly certificates: readonly Certificate[];
  readonly refused?: Said;
}

const unresolved = (reason: string, message: string): Said => no('ResolvedRefs', reason, message);

/** The Secrets of a listener, as `namespace/name`. */
export function secretsOf({ metadata }: Gateway, { tls, protocol }: Listener): string[] {
  if (protocol !== SECURE) return [];
  return (tls?.certificateRefs ?? [])
    .filter(isSecret)
    .map(({ name, namespace = metadata.namespace ?? '' }) => `${namespace}/${name}`);
}

const isSecret = ({ group = '', kind = 'Secret' }: SecretReference): boolean => group === '' && kind === 'Secret';

function certificateOf(gateway: Gateway, reference: SecretReference, facts: ListenerFacts): Certificate | Said {
  const own = gateway.metadata.namespace ?? '';
  const { name, namespace = own } = reference;
  if (!isSecret(reference))
    return unresolved('InvalidCertificateRef', `certificates are in Secrets, not in a ${reference.kind}`);
  const from = { group: GATEWAY_GROUP, kind: 'Gateway', namespace: own };
  if (!facts.grants.permit({ from, to: { group: '', kind: 'Secret', namespace, name } }))
    return unresolved('RefNotPermitted', `nothing in ${namespace} grants the Secret ${name} to Gateways of ${own}`);
  const read = facts.certificate(`${namespace}/${name}`);
  return 'words' in read ? unresolved('InvalidCertificateRef', read.words) : read;
}

function certificatesOf(gateway: Gateway, { tls, protocol }: Listener, facts: ListenerFacts): Found {
  if (protocol !== SECURE) return { certificates: [] };
  const references = tls?.certificateRefs ?? [];
  if (references.length === 0)
    return { certificates: [], refused: unresolved('InvalidCertificateRef', 'the listener names no certificate') };
  const found = references.map((reference) => certificateOf(gateway, reference, facts));
  const refused = found.find((one): one is Said => 'reason' in one);
  return { certificates: found.filter((one): one is Certificate => !('reason' in one)), ...(refused && { refused }) };
}

function acceptance({ protocol, tls }: Listener): Said {
  if (!PROTOCOLS.includes(protocol))
    return no('Accepted', 'UnsupportedProtocol', `${protocol} is not spoken here: ${PROTOCOLS.join(' and ')} are`);
  if (protocol === SECURE && (tls?.mode ?? 'Terminate') !== 'Terminate')
    return no('Accepted', 'UnsupportedValue', `TLS is only ended here, not passed on`);
  return yes('Accepted');
}

const hostOf = ({ hostname = '' }: Listener): string => hostname.toLowerCase();

/** Two of one port that cannot be told apart: by another protocol, or by the same hostname. */
function conflictOf(listener: Listener, all: readonly Listener[]): Said {
  const beside = all.filter((other) => other !== listener && other.port === listener.port);
  const clash = (reason: string, message: string): Said => ({ type: 'Conflicted', status: 'True', reason, message });
  if (beside.some(({ protocol }) => protocol !== listener.protocol))
    return clash('ProtocolConflict', `port ${listener.port} is wanted for two protocols`);
  if (beside.some((other) => hostOf(other) === hostOf(listener)))
    return clash('HostnameConflict', `port ${listener.port} is wanted twice for ${hostOf(listener) || 'all hosts'}`);
  return no('Conflicted', 'NoConflicts', '');
}

function resolution(unknown: boolean, refused: Said | undefined): Said {
  if (unknown) return unresolved('InvalidRouteKinds', 'the listener allows kinds of routes that it does not take');
  return refused ?? yes('ResolvedRefs');
}

/** Reads one listener. It is served where its certificates are there, also where some kinds of its routes are not known. */
function readListener(gateway: Gateway, listener: Listener, facts: ListenerFacts): ReadListener {
  const { kinds, unknown } = kindsOf(listener);
  const { certificates, refused } = certificatesOf(gateway, listener, facts);
  const accepted = acceptance(listener);
  const conflicted = conflictOf(listener, gateway.spec.listeners);
  const isAccepted = accepted.status === 'True' && conflicted.status === 'False';
  const isProgrammed = isAccepted && kinds.length > 0 && !refused;
  const said = [
    conflicted.status === 'True' ? no('Accepted', conflicted.reason, conflicted.message) : accepted,
    conflicted,
    resolution(unknown, refused),
    isProgrammed ? yes('Programmed') : no('Programmed', 'Invalid', 'the listener cannot be served as it is'),
  ];
  return { listener, hostname: hostOf(listener), kinds, certificates, said, isAccepted, isProgrammed };
}

export function readListeners(gateway: Gateway, facts: ListenerFacts): ReadListener[] {
  return gateway.spec.listeners.map((listener) => readListener(gateway, listener, facts));
}
