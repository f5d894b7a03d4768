import { newBadRequest, newUnclassifiedError, StatusError } from '@binnacle/machinery-meta';
import { goText } from './json.js';

/** What kubernetes apimachinery pkg/util/mergepatch says of malformed patches. */
export const badRetainKeys = (): StatusError => newBadRequest('invalid patch format of retainKeys');
export const badElementOrder = (): StatusError => newBadRequest('invalid patch format of setElementOrder list');
export const badPrimitiveList = (): StatusError => newBadRequest('invalid patch format of primitive list');
export const listOfLists = (): StatusError =>
  new StatusError(422, 'Invalid', 'the server rejected our request due to an error in our request', {});

// What follows upstream does not count among the faults of clients.

export const noMergeKey = (element: unknown, key: string): StatusError =>
  newUnclassifiedError(`map: ${JSON.stringify(element)} does not contain declared merge key: ${key}`);

export const badDirective = (directive: unknown, patch: unknown): StatusError =>
  newUnclassifiedError(`unknown patch type: ${goText(directive)} in map: ${goText(patch)}`);

export const mixedList = (): StatusError => newUnclassifiedError('list element types are not identical');

export const noMergeKeyOfList = (): StatusError =>
  newUnclassifiedError('cannot merge a list of objects without a merge key');
