import { refs } from '../../../refs/index.js';
import { usageKind } from '../base.js';
import { NODE_USAGE } from '../schema.js';

/** Kept by the API server as long as it runs, for an hour. */
export const nodeUsages = usageKind(refs.nodeusages, NODE_USAGE);
