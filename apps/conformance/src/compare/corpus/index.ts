import type { ResourceDefinition } from '@binnacle/apis-registry';
import { Random } from '@binnacle/testing-fuzz';
import type { Case } from '../case.js';
import { bodyCases } from './bodies.js';
import { createCases } from './creates.js';
import { deleteCases } from './deletes.js';
import { eventCases } from './events.js';
import { comparedKind, type ComparedKind } from './kind.js';
import { otherCases } from './others.js';
import { parameterCases } from './parameters.js';
import { patchCases } from './patches.js';
import { pathCases } from './paths.js';
import { podCases } from './pods.js';
import { readCases } from './reads.js';
import { serviceCases } from './services.js';
import { subresourceCases } from './subresources.js';
import { updateCases } from './updates.js';

export { NAMESPACE } from './kind.js';

export interface CorpusOptions {
  readonly seed: number;
  /** Of single fields, of each kind and verb. */
  readonly mutations: number;
}

/** Looked at from every side; of the other kinds what differs between kinds. */
const THOROUGH: readonly string[] = ['configmaps', 'pods', 'services', 'nodes', 'deployments.apps'];

function casesOf(kind: ComparedKind, random: Random, mutations: number): Case[] {
  const thorough = THOROUGH.includes(kind.resource);
  const few = Math.ceil(mutations / 2);
  return [
    ...createCases(kind, random, thorough ? mutations * 3 : mutations),
    ...readCases(kind, thorough),
    ...updateCases(kind, random, thorough ? mutations * 2 : few),
    ...patchCases(kind, random, few),
    ...subresourceCases(kind, random, few),
    ...(thorough ? [...parameterCases(kind), ...bodyCases(kind)] : []),
    ...deleteCases(kind),
  ];
}

const special: Readonly<Record<string, (kind: ComparedKind) => Case[]>> = { pods: podCases, services: serviceCases };

/** Every request of a comparison, in the order in which both servers are asked; the same for the same seed and kinds. */
export function corpusOf(definitions: readonly ResourceDefinition[], { seed, mutations }: CorpusOptions): Case[] {
  const kinds = definitions.flatMap((definition) => comparedKind(definition) ?? []);
  return [
    ...pathCases(definitions),
    ...kinds.flatMap((kind) => [
      // A kind more leaves the requests of the others as they are.
      ...casesOf(kind, new Random(seed), mutations),
      ...(special[kind.resource]?.(kind) ?? []),
    ]),
    ...eventCases(),
    ...otherCases(),
  ];
}
