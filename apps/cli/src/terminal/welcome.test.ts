import { expect, test } from 'vitest';
import { formatWelcome } from './welcome.js';

const welcome = {
  webUrl: 'http://127.0.0.1:7080',
  apiUrl: 'https://127.0.0.1:6443',
  user: 'admin',
  password: undefined,
  dataDir: '/data',
  seconds: 1,
};

test.each([
  ['/data/kubeconfig/admin.conf', 'export KUBECONFIG=/data/kubeconfig/admin.conf'],
  ["/my data/ann's/admin.conf", "export KUBECONFIG='/my data/ann'\\''s/admin.conf'"],
])('the line to copy is one a shell understands: %s', (kubeconfig, line) => {
  expect(formatWelcome({ ...welcome, kubeconfig }).split('\n')).toContain(`  ${line}`);
});
