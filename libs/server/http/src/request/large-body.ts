import { finished, type Soon, type Steps } from '@binnacle/machinery-context';
import { stepsInTurns, turns } from '@binnacle/server-flow-control';
import type { ApiRequest } from './api-request.js';

/** Bytes. What is made of larger ones takes the one thread for many milliseconds. */
const LARGE_BODY = 64 * 1024;

export const isLarge = ({ body }: ApiRequest): boolean => body !== undefined && body.length > LARGE_BODY;

/** To be called between the steps of what is made of a body: of large ones one step is done each time the event loop comes round. */
export const restIfLarge = (request: ApiRequest): Promise<void> | undefined =>
  isLarge(request) ? turns.begin(request.ctx).rest() : undefined;

/** What is made in steps, with rests between those of a large body. */
export const inSteps = <T>(request: ApiRequest, work: Steps<T>): Soon<T> =>
  isLarge(request) ? stepsInTurns(work, request.ctx) : finished(work);
