'use client';

import type { EndpointSlice } from '@binnacle/apis-kubernetes/discovery/v1';
import type { Knowledge } from '@binnacle/web-data';
import { as, type PanelProps } from '../view/kind-view.js';
import { EndpointRows } from './endpoint-rows.js';

/** They are all in the object that is shown; how far that is known is said beside its name. */
const WHOLE: Knowledge = { certainty: 'current', asOf: 0 };

export function SliceEndpoints({ object }: PanelProps) {
  return <EndpointRows slices={[as<EndpointSlice>(object)]} knowledge={WHOLE} />;
}
