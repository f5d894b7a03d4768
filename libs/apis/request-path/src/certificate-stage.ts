import type { Ingress, IngressTLS } from '@binnacle/apis-kubernetes/networking/v1';
import type { CertificateFacts, CertificateSight } from './certificate-facts.js';
import { type Fault, fault } from './fault.js';
import { coversHost } from './host-names.js';
import type { Stage, Stop } from './lane.js';

const DAY_MILLISECONDS = 86_400_000;
/** So long before its end whoever looks after a certificate wants to know of it. */
const SOON_DAYS = 14;

/** Which part of `spec.tls` is for a host. One without hosts is for all of them. */
export function tlsOf({ spec }: Ingress, host: string): IngressTLS | undefined {
  const all = spec?.tls ?? [];
  return (
    all.find(({ hosts }) => hosts?.some((name) => coversHost(name, host))) ?? all.find(({ hosts }) => !hosts?.length)
  );
}

function timeFaults({ notBefore = '', notAfter = '' }: CertificateFacts, now: number): Fault[] {
  const [begins, ends] = [Date.parse(notBefore), Date.parse(notAfter)];
  if (now > ends) return [fault('certificateExpired', { time: notAfter })];
  if (now < begins) return [fault('certificateNotYet', { time: notBefore })];
  const days = Math.floor((ends - now) / DAY_MILLISECONDS);
  return days < SOON_DAYS ? [fault('certificateSoon', { days })] : [];
}

function factFaults(facts: CertificateFacts, host: string, now: number): Fault[] {
  const { problem, names = [], keyFits } = facts;
  if (problem === 'Unreadable') return [fault('certificateUnreadable')];
  if (problem) return [fault('secretIncomplete', { key: problem === 'NoKey' ? 'tls.key' : 'tls.crt' })];
  const isFor = host === '' || names.some((name) => coversHost(name, host));
  return [
    ...(keyFits === false ? [fault('certificateKey')] : []),
    ...timeFaults(facts, now),
    ...(isFor ? [] : [fault('certificateOtherHost', { host, names: names.join(', ') })]),
  ];
}

export interface CertificatePlace {
  readonly namespace: string;
  readonly host: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** The certificate that is shown to who asks for a host. */
export function certificateStage(
  { secretName }: IngressTLS,
  sight: CertificateSight,
  { namespace, host, now }: CertificatePlace,
): Stage {
  if (!secretName) {
    const stop: Stop = { kind: 'certificate', text: '', faults: [fault('secretUnnamed')] };
    return { kind: 'certificate', stops: [stop], faults: [] };
  }
  const more = sight.state === 'known' ? (sight.facts.names ?? []).join(', ') : '';
  const faults = sight.state === 'known' ? factFaults(sight.facts, host, now) : [];
  const stop: Stop = {
    kind: 'certificate',
    text: secretName,
    ...(more && { more }),
    ref: { apiVersion: 'v1', kind: 'Secret', namespace, name: secretName },
    faults: sight.state === 'missing' ? [fault('secretMissing')] : faults,
  };
  const unseen = sight.state === 'loading' || sight.state === 'refused' ? { unseen: sight.state } : {};
  return { kind: 'certificate', stops: [stop], faults: [], ...unseen };
}
