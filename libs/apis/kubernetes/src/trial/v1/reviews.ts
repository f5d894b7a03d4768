import type { ExpectedKind, ServedKind } from '@binnacle/apis-schema';
import { priority } from '../../traffic/v1/priority.js';
import { REQUEST_TRIAL, trialSchemas } from './schema.js';

const ADDRESS = { group: 'networking.binnacle.dev', version: 'v1' };
const SHAPE = { schema: REQUEST_TRIAL, schemas: trialSchemas };

export const requestTrialKind: ExpectedKind = { ...ADDRESS, kind: 'RequestTrial', ...SHAPE };

/** The plural by which who may ask is said. */
export const REQUEST_TRIALS = 'requesttrials';

const names = { plural: REQUEST_TRIALS, singular: 'requesttrial', kind: requestTrialKind.kind };

export const requestTrials: readonly ServedKind[] = [
  {
    ...ADDRESS,
    ...SHAPE,
    names: { ...names, listKind: '', shortNames: [], categories: [] },
    namespaced: false,
    verbs: ['create'],
    subresources: [],
    priority,
  },
];
