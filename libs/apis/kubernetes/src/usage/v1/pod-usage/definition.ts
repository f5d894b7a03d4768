import { refs } from '../../../refs/index.js';
import { usageKind } from '../base.js';
import { POD_USAGE } from '../schema.js';

/** Kept by the API server as long as it runs, for an hour. */
export const podUsages = usageKind(refs.podusages, POD_USAGE, {
  // Of the Pod: its usage does not say it.
  'spec.nodeName': () => '',
});
