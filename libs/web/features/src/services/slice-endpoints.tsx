'use client';

import type { EndpointSlice } from '@binnacle/apis-kubernetes/discovery/v1';
import type { UnstructuredObject } from '@binnacle/web-data';
import { as } from '../kinds/kind-view.js';
import { EndpointRows } from './endpoint-rows.js';

export function SliceEndpoints({ object }: { object: UnstructuredObject }) {
  return <EndpointRows slices={[as<EndpointSlice>(object)]} />;
}
