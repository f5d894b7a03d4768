'use client';

import type { Pod } from '@binnacle/apis-kubernetes/core/v1';
import { KindLink } from './links.js';

/** A Pod by its name, as the way to it. */
export function PodLink({ pod: { metadata } }: { pod: Pod }) {
  return <KindLink apiVersion="v1" kind="Pod" namespace={metadata.namespace} name={metadata.name ?? ''} />;
}
