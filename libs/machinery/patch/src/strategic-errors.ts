import { newBadRequest, type StatusError } from '@binnacle/machinery-meta';

/** What kubernetes apimachinery pkg/util/mergepatch says of malformed patches. */
export const badRetainKeys = (): StatusError => newBadRequest('invalid patch format of retainKeys');
export const badElementOrder = (): StatusError => newBadRequest('invalid patch format of setElementOrder list');
export const badPrimitiveList = (): StatusError => newBadRequest('invalid patch format of primitive list');
export const listOfLists = (): StatusError => newBadRequest('lists of lists are not supported');

export const noMergeKey = (element: unknown, key: string): StatusError =>
  newBadRequest(`map: ${JSON.stringify(element)} does not contain declared merge key: ${key}`);

export const badDirective = (directive: unknown): StatusError =>
  newBadRequest(`unknown patch type: ${String(directive)} in map`);

export const mixedList = (): StatusError => newBadRequest('list element types are not identical');
