import type { ExpectedKind, ServedKind } from '@binnacle/apis-schema';
import { priority } from '../../traffic/v1/priority.js';
import { REQUEST_TRIAL, trialSchemas } from './schema.js';
import { askedKind } from '../../schemas/posted-kind.js';

const ADDRESS = { group: 'networking.binnacle.dev', version: 'v1' };
const SHAPE = { schema: REQUEST_TRIAL, schemas: trialSchemas };

export const requestTrialKind: ExpectedKind = { ...ADDRESS, kind: 'RequestTrial', ...SHAPE };

/** The plural by which who may ask is said. */
export const REQUEST_TRIALS = 'requesttrials';

export const requestTrials: readonly ServedKind[] = [askedKind(requestTrialKind, priority)];
