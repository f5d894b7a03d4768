import { builtinResources } from '@binnacle/apis-kubernetes/kinds';
import { FakeClock, silentLogger } from '@binnacle/machinery-context';
import type { UnstructuredObject } from '@binnacle/machinery-meta';
import { type AdmissionAttributes, systemContext } from '@binnacle/server-registry';
import { expect, it } from 'vitest';
import { CertificateSubjectRestriction } from './certificate-subject-restriction.js';

/** O=devs, O=system:masters, CN=jane. */
const MASTERS =
  'LS0tLS1CRUdJTiBDRVJUSUZJQ0FURSBSRVFVRVNULS0tLS0KTUlIek1JR1pBZ0VBTURjeERUQUxCZ05WQkFvTUJHUmxkbk14RnpBVkJnTlZCQW9NRG5ONWMzUmxiVHB0WVhOMApaWEp6TVEwd0N3WURWUVFEREFScVlXNWxNRmt3RXdZSEtvWkl6ajBDQVFZSUtvWkl6ajBEQVFjRFFnQUUzK3EzClJEM1A0bHFwMTk4S3BTejZRb1RCM1ZRekdzNUZLcFNlR0pzL3BLNXZMc29oL25idm5LRVg4MWoyWTNaS3Q0NjgKbGZId0tZTWEyVEJlTDY5TjlLQUFNQW9HQ0NxR1NNNDlCQU1DQTBrQU1FWUNJUURpWENpazNOaEF2Z08yNHdCZwpWSFZpbUdxSU43V0tkVnp1TWFtQVVkV0F3QUloQUlOZFljdzE3bUpHcnFPWU96a3h0dEkyaXVVQWNTU3Z0SUtiCnowdzFPUmxLCi0tLS0tRU5EIENFUlRJRklDQVRFIFJFUVVFU1QtLS0tLQo=';
/** O=devs, CN=system:masters. */
const DEVS =
  'LS0tLS1CRUdJTiBDRVJUSUZJQ0FURSBSRVFVRVNULS0tLS0KTUlIak1JR0tBZ0VBTUNneERUQUxCZ05WQkFvTUJHUmxkbk14RnpBVkJnTlZCQU1NRG5ONWMzUmxiVHB0WVhOMApaWEp6TUZrd0V3WUhLb1pJemowQ0FRWUlLb1pJemowREFRY0RRZ0FFdUFCUjNCWkZWU3NuZmkyeWtNL3VqRC92CnZuL2lyL3NSVGxyeStnb1Vray9KdlNaSmMzOGg4bk9tZ1FuRWhTMm1VVW50YStWVGVUdDg1WjVRalhtdG82QUEKTUFvR0NDcUdTTTQ5QkFNQ0EwZ0FNRVVDSVFEa1hTUWZIN1RjZWtJcVNCWHZlcTBBRXFSM0dGelFuWi9UMnlMYQp5YUFGZHdJZ1JxQ08wSkNzOVpCY2o5T3R5OGhkZzZoazlUcDluWnRXaEpDQytab1RSOU09Ci0tLS0tRU5EIENFUlRJRklDQVRFIFJFUVVFU1QtLS0tLQo=';
const CLIENT = 'kubernetes.io/kube-apiserver-client';
const WHY = `use of ${CLIENT} signer with system:masters group is not allowed`;

function ask(request: string, signerName: string, operation: AdmissionAttributes['operation'] = 'CREATE'): void {
  const definition = builtinResources.find('certificates.k8s.io', 'v1', 'certificatesigningrequests');
  if (!definition) throw new Error('they are a kind');
  const object = {
    apiVersion: 'certificates.k8s.io/v1',
    kind: 'CertificateSigningRequest',
    metadata: { name: 'jane' },
    spec: { request, signerName },
  } as UnstructuredObject;
  const place = { subresource: '', namespace: '', name: 'jane', dryRun: false };
  const base = { clock: new FakeClock(), logger: silentLogger, signal: new AbortController().signal };
  new CertificateSubjectRestriction().validate(systemContext(base, 'main'), {
    operation,
    definition,
    object,
    ...place,
  });
}

it('refuses requests of masters that the API server would believe', () => {
  expect(() => ask(MASTERS, CLIENT)).toThrow(
    `certificatesigningrequests.certificates.k8s.io "jane" is forbidden: ${WHY}`,
  );
});

it.each<[string, string, string, AdmissionAttributes['operation']]>([
  ['another group', DEVS, CLIENT, 'CREATE'],
  ['another signer', MASTERS, 'example.com/signer', 'CREATE'],
  ['what is there already', MASTERS, CLIENT, 'UPDATE'],
])('lets pass %s', (_what, request, signer, operation) => {
  expect(() => ask(request, signer, operation)).not.toThrow();
});
