import { encodeBody, type StoredObject } from '@binnacle/server-storage';
import type { UnstructuredObject } from '@binnacle/machinery-meta';
import { expect, test } from 'vitest';
import { textOf } from './object-text.js';

const object = {
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: 'a', annotations: { b: 'c' } },
  data: { k: 'dg==' },
};
const managedFields = [{ manager: 'kubectl', operation: 'Update' }];
const body = encodeBody(object as unknown as UnstructuredObject, JSON.stringify(managedFields));
const stored = { body, revision: 3 } as StoredObject;
const sent = (wanted: object) =>
  JSON.parse(textOf({ keysOnly: false, metadataOnly: false, fieldSelector: '', ...wanted })(stored)) as object;
const metadata = { ...object.metadata, resourceVersion: '3' };

test('who owns fields is told of an object that is looked at by itself, and not in lists', () => {
  const whole = { ...object, metadata: { ...metadata, managedFields } };
  expect(sent({ fieldSelector: 'metadata.name=a' })).toEqual(whole);
  expect(sent({})).toEqual({ ...object, metadata });
  expect(sent({ fieldSelector: 'metadata.name=a,spec.nodeName=b' })).toEqual({ ...object, metadata });
  expect(sent({ fieldSelector: 'metadata.name!=a' })).toEqual({ ...object, metadata });
});

test('values are left out where only keys are wanted, and all but the metadata where only that is', () => {
  expect(sent({ keysOnly: true })).toEqual({ ...object, metadata, data: { k: null } });
  const { name, resourceVersion } = metadata;
  expect(sent({ metadataOnly: true })).toEqual({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name, resourceVersion },
  });
});
