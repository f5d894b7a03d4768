import { replicationController } from '@binnacle/testing-fixtures';
import { expect, test } from 'vitest';
import { fromReplicaSet, toReplicaSet } from './conversion.js';

test('there and back is the same', () => {
  const controller = replicationController({ status: { replicas: 1, readyReplicas: 1 } });
  expect(fromReplicaSet(toReplicaSet(controller))).toEqual(controller);
});

test('it stays a ReplicationController in name, and gives up what it has no field for', () => {
  const set = toReplicaSet(replicationController());
  expect(set).toMatchObject({ kind: 'ReplicationController', spec: { selector: { matchLabels: { app: 'web' } } } });
  expect(fromReplicaSet({ ...set, status: { replicas: 1, terminatingReplicas: 2 } }).status).toEqual({ replicas: 1 });
});
