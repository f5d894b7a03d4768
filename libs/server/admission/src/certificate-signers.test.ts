import { builtinResources } from '@binnacle/apis-kubernetes/kinds';
import { FakeClock, silentLogger } from '@binnacle/machinery-context';
import type { UnstructuredObject } from '@binnacle/machinery-meta';
import type { AuthorizationAttributes } from '@binnacle/server-auth';
import { type AdmissionAttributes, systemContext } from '@binnacle/server-registry';
import { describe, expect, test } from 'vitest';
import { CertificateSigners } from './certificate-signers.js';

const request = (status: object = {}): UnstructuredObject => ({
  apiVersion: 'certificates.k8s.io/v1',
  kind: 'CertificateSigningRequest',
  metadata: { name: 'jane' },
  spec: { signerName: 'example.com/signer' },
  status,
});

/** `rights` are names of signers for which everything is allowed. */
async function write(
  kind: 'approval' | 'signing',
  rights: string[],
  more: Partial<AdmissionAttributes> = {},
): Promise<string[]> {
  const asked: AuthorizationAttributes[] = [];
  const authorizer = {
    authorize: (_: unknown, attributes: AuthorizationAttributes) => {
      asked.push(attributes);
      return { allowed: rights.includes(attributes.resource?.name ?? ''), reason: '' };
    },
  };
  const definition = builtinResources.find('certificates.k8s.io', 'v1', 'certificatesigningrequests');
  if (!definition) throw new Error('they are a kind');
  const ctx = systemContext(
    { clock: new FakeClock(), logger: silentLogger, signal: new AbortController().signal },
    'main',
  );
  const subresource = kind === 'approval' ? 'approval' : 'status';
  const place = { subresource, namespace: '', name: 'jane', dryRun: false, operation: 'UPDATE' as const };
  const object = request({ conditions: [{ type: 'Approved', status: 'True' }] });
  await CertificateSigners[kind](authorizer).validate(ctx, { definition, object, old: request(), ...place, ...more });
  return asked.map(({ verb, resource }) => `${verb} ${resource?.group}/${resource?.resource} ${resource?.name}`);
}

describe.each([
  ['approval', 'approve'],
  ['signing', 'sign'],
] as const)('%s', (kind, verb) => {
  test('is for who may do so for the signer, or for all of its domain', async () => {
    expect(await write(kind, ['example.com/signer'])).toEqual([
      `${verb} certificates.k8s.io/signers example.com/signer`,
    ]);
    expect(await write(kind, ['example.com/*'])).toHaveLength(2);
  });

  test('is for nobody else', async () => {
    const why = `user not permitted to ${verb} requests with signerName "example.com/signer"`;
    await expect(write(kind, ['example.com/other', 'example.com', '*'])).rejects.toThrow(why);
  });

  test('is not asked about for another part of a request', async () => {
    expect(await write(kind, [], { subresource: '' })).toEqual([]);
  });
});

test('a status that says nothing of certificates is anybody’s who may write it', async () => {
  expect(await write('signing', [], { object: request() })).toEqual([]);
  await expect(write('signing', [], { object: request({ certificate: 'x' }) })).rejects.toThrow(
    'not permitted to sign',
  );
});
