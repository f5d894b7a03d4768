import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CustomKinds, startTestApiServer, type TestApiServer } from '@binnacle/testing-cluster';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const FOLDER = join(import.meta.dirname, '../../../../examples/custom-resources');
const DEFINITIONS = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';

let server: TestApiServer;
let kinds: CustomKinds;
beforeAll(async () => {
  server = await startTestApiServer({ storage: 'memory' });
  kinds = new CustomKinds(server.raw);
});
afterAll(() => server.close());

/** As `kubectl apply --server-side -f` sends it. */
const apply = (path: string, file: string) =>
  server.raw.call(`${path}?fieldManager=test&fieldValidation=Strict`, {
    method: 'PATCH',
    headers: { 'content-type': 'application/apply-patch+yaml' },
    body: readFileSync(join(FOLDER, file), 'utf8'),
  });

describe('the examples of custom resources', () => {
  test.each([
    ['certificates', 'certs.example.com', 'certificate'],
    ['httproutes', 'routes.example.com', 'httproute'],
    ['prometheusrules', 'monitoring.example.com', 'prometheusrule'],
  ])('%s are defined, and one is made', async (plural, group, file) => {
    const defined = await apply(`${DEFINITIONS}/${plural}.${group}`, `${plural}.yaml`);
    expect([defined.status, defined.json.message]).toEqual([201, undefined]);
    await kinds.when(`${plural}.${group}`, 'Established');
    const made = await apply(`/apis/${group}/v1/namespaces/default/${plural}/shop`, `${file}.yaml`);
    expect([made.status, made.json.message]).toEqual([201, undefined]);
  });

  test('say what is wrong with a certificate', async () => {
    const path = '/apis/certs.example.com/v1/namespaces/default/certificates';
    const wrong = {
      apiVersion: 'certs.example.com/v1',
      kind: 'Certificate',
      metadata: { name: 'wrong' },
      spec: { secretName: 'x', issuerRef: { name: 'y' } },
    };
    const { json: nobody } = await kinds.send('POST', path, wrong);
    expect(nobody.message).toBe(
      'Certificate.certs.example.com "wrong" is invalid: spec: Invalid value: somebody must be named, by commonName or by dnsNames',
    );
    const { json: moved } = await kinds.patch(`${path}/shop`, { spec: { issuerRef: { name: 'other' } } });
    expect(moved.message).toBe(
      'Certificate.certs.example.com "shop" is invalid: spec.issuerRef: Forbidden: it is issued by house-authority',
    );
  });
});
