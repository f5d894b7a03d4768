import type { ValidatingAdmissionPolicy } from '@binnacle/apis-kubernetes/admissionregistration/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import { LoopBench, type Objects } from '@binnacle/testing-loops';
import { beforeEach, expect, test } from 'vitest';
import { validatingAdmissionPolicyStatusController } from './validating-admission-policy-status.controller.js';

let bench: LoopBench;
let policies: Objects<ValidatingAdmissionPolicy>;
beforeEach(async () => {
  bench = await LoopBench.start((_, deps) => [validatingAdmissionPolicyStatusController(deps)]);
  policies = bench.objects(refs.validatingadmissionpolicies);
  // The server reads its descriptions the first time it is asked, longer than the bench waits.
  for (const path of ['apis/apps/v1', 'api/v1']) await bench.client.raw(bench.ctx, 'GET', `/openapi/v3/${path}`);
});

type Spec = NonNullable<ValidatingAdmissionPolicy['spec']>;
async function make(expression: string, more: Partial<Spec> = {}, resources = ['deployments']): Promise<void> {
  const rule = { apiGroups: ['apps'], apiVersions: ['v1'], resources, operations: ['CREATE'] };
  await policies.create({
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingAdmissionPolicy',
    metadata: { name: 'p' },
    spec: { matchConstraints: { resourceRules: [rule] }, validations: [{ expression }], ...more },
  });
  await bench.drain();
}
const status = async () => (await policies.get('p')).status;
const warnings = async () => (await status())?.typeChecking?.expressionWarnings;

test('a policy is told when there is nothing to say', async () => {
  await make('object.spec.replicas > 1 && object.spec.template.spec.containers.all(c, c.image != "")');
  expect(await status()).toEqual({ observedGeneration: 1, typeChecking: {} });
  expect(await bench.drain()).toEqual([]);
});

test('what is wrong is told, and no more once it is mended', async () => {
  await make('object.spec.replicas > "1"');
  expect(await warnings()).toMatchObject([
    { fieldRef: 'spec.validations[0].expression', warning: expect.stringContaining('apps/v1, Kind=Deployment: ERROR') },
  ]);
  await policies.change('p', { spec: { validations: [{ expression: 'object.spec.replicas > 1' }] } });
  await bench.drain();
  expect(await status()).toEqual({ observedGeneration: 2, typeChecking: {} });
});

test('parameters are of the kind the policy says', async () => {
  await make('object.spec.replicas < int(params.data.most)', { paramKind: { apiVersion: 'v1', kind: 'ConfigMap' } });
  expect(await warnings()).toBeUndefined();
  await policies.change('p', { spec: { validations: [{ expression: 'params.nothing == 1' }] } });
  await bench.drain();
  expect(await warnings()).toMatchObject([{ warning: expect.stringContaining("undefined field 'nothing'") }]);
});

test('what is not served is not looked at', async () => {
  await make('object.nothing == 1', { paramKind: { apiVersion: 'odd.dev/v1', kind: 'Odd' } }, ['odds']);
  expect(await status()).toEqual({ observedGeneration: 1, typeChecking: {} });
});
