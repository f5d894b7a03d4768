import { type ResourceDefinition, type ResourceSet, resourceSet } from '@binnacle/apis-registry';
import * as definitions from './definitions.generated.js';

const rank = ({ priority }: ResourceDefinition): number => priority?.group ?? 0;

/** Every built-in kind. Groups stand in the order in which clients look a short name up: the core first. */
export const resources: readonly ResourceDefinition[] = Object.values(definitions).sort(
  (a, b) => rank(b) - rank(a) || (a.names.plural < b.names.plural ? -1 : 1),
);

/** What a cluster serves that has no kinds of its own: it has this very set. */
export const builtinResources: ResourceSet = resourceSet('builtin', resources);
