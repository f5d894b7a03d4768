import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { loadKubeconfig, loadKubeconfigFile } from './kubeconfig.js';

const directory = mkdtempSync(join(tmpdir(), 'kubeconfig-'));
afterAll(() => rmSync(directory, { recursive: true }));

const base64 = (text: string) => Buffer.from(text).toString('base64');
const text = (server: string) => `
apiVersion: v1
kind: Config
current-context: here
contexts:
- {name: here, context: {cluster: c, user: u}}
- {name: nobody, context: {cluster: c}}
- {name: broken, context: {cluster: absent}}
clusters:
- {name: c, cluster: {server: '${server}', certificate-authority-data: ${base64('CA')}}}
users:
- {name: u, user: {client-certificate-data: ${base64('CERT')}, client-key: key.pem}}
`;

test('reads embedded data and files beside the kubeconfig', () => {
  writeFileSync(join(directory, 'key.pem'), 'KEY');
  writeFileSync(join(directory, 'admin.conf'), text('https://127.0.0.1:6443'));
  expect(loadKubeconfigFile(join(directory, 'admin.conf'))).toMatchObject({
    server: 'https://127.0.0.1:6443',
    ca: 'CA',
    cert: 'CERT',
    key: 'KEY',
  });
});

test('takes the logical cluster from the address', () => {
  const config = loadKubeconfig(text('https://h:1/clusters/lab'), { context: 'nobody' });
  expect(config).toMatchObject({ server: 'https://h:1', cluster: 'lab' });
});

test.each([
  ['broken', 'there is no cluster "absent"'],
  ['elsewhere', 'there is no context "elsewhere"'],
])('says what context %s lacks', (context, message) => {
  expect(() => loadKubeconfig(text('https://h:1'), { context })).toThrow(message);
});
