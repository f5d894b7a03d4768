import { configMap, deployment, node } from '@binnacle/testing-fixtures';
import type { KubeObject, UnstructuredObject } from '@binnacle/web-data';
import { expect, test } from 'vitest';
import { served } from '../testing/render.js';
import { kubectl } from './commands.js';

const untyped = (object: KubeObject) => object as UnstructuredObject;
const web = untyped(deployment({ metadata: { namespace: 'shop' } }));
const deployments = served('deployments.apps');

test.each([
  [kubectl.scale(deployments, web, 3), 'kubectl scale deployments.apps/web -n shop --replicas=3'],
  [kubectl.restart(deployments, web), 'kubectl rollout restart deployments.apps/web -n shop'],
  [kubectl.rollBack(deployments, web, '7'), 'kubectl rollout undo deployments.apps/web -n shop --to-revision=7'],
  [kubectl.delete(served('configmaps'), untyped(configMap())), 'kubectl delete configmaps/settings -n default'],
  [kubectl.delete(served('nodes'), untyped(node())), 'kubectl delete nodes/node-1'],
  [kubectl.cordon(untyped(node())), 'kubectl cordon node-1'],
])('%s is what one would type', (command, typed) => {
  expect(command).toBe(typed);
});
