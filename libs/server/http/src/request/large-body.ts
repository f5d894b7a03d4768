import type { Soon } from '@binnacle/machinery-context';
import { turns } from '@binnacle/server-flow-control';
import type { ApiRequest } from './api-request.js';

/** Bytes. What is made of larger ones takes the one thread for many milliseconds. */
const LARGE_BODY = 64 * 1024;

const isLarge = ({ body }: ApiRequest): boolean => body !== undefined && body.length > LARGE_BODY;

/** To be called between the steps of what is made of a body: of large ones one step is done each time the event loop comes round. */
export const restIfLarge = (request: ApiRequest): Promise<void> | undefined =>
  isLarge(request) ? turns.begin(request.ctx).rest() : undefined;

/** The same around one step. */
export function betweenRests<T>(request: ApiRequest, step: () => T): Soon<T> {
  if (!isLarge(request)) return step();
  const alone = async (): Promise<T> => {
    await restIfLarge(request);
    const made = step();
    await restIfLarge(request);
    return made;
  };
  return alone();
}
