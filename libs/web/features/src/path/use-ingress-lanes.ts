'use client';

import type { Service } from '@binnacle/apis-kubernetes/core/v1';
import type { Ingress, IngressClass } from '@binnacle/apis-kubernetes/networking/v1';
import type { TLSCertificate } from '@binnacle/apis-kubernetes/tls-certificates/v1';
import { type CertificateSight, ingressLanes, type Known, type Lane } from '@binnacle/apis-request-path';
import { type Knowledge, useLive } from '@binnacle/web-data';
import { useMemo } from 'react';
import { useQueryOf } from '../objects/use-query-of.js';
import { knownOf } from './known-view.js';
import { useAroundAll } from './use-around.js';

/** As far as certificates may be seen, which takes no right to Secrets. */
function sightOf(certificates: Known<TLSCertificate>, secretName: string): CertificateSight {
  if (certificates.state !== 'known') return { state: certificates.state === 'loading' ? 'loading' : 'refused' };
  const found = certificates.items.find(({ metadata }) => metadata.name === secretName);
  return found ? { state: 'known', facts: found.status } : { state: 'missing' };
}

interface IngressWays {
  readonly lanes: readonly Lane[];
  readonly knowledge: Knowledge;
}

/** The ways through an Ingress, live. `now` in milliseconds since the epoch. */
export function useIngressLanes(ingress: Ingress, now: number): IngressWays {
  const { namespace = '' } = ingress.metadata;
  const classes = useLive(useQueryOf('ingressclasses.networking.k8s.io', {}));
  const services = useLive(useQueryOf('services', { namespace }));
  const certificates = useLive(useQueryOf('tlscertificates.networking.binnacle.dev', { namespace }));
  const { around, knowledge } = useAroundAll(namespace);
  // Of each view there is another object whenever it has changed.
  const { pods, slices, policies } = around;
  const lanes = useMemo(
    () =>
      ingressLanes({
        ingress,
        classes: knownOf<IngressClass>(classes),
        services: knownOf<Service>(services),
        around,
        certificate: (secretName) => sightOf(knownOf<TLSCertificate>(certificates), secretName),
        now,
      }),
    [ingress, classes, services, certificates, pods, slices, policies, now],
  );
  return { lanes, knowledge };
}
