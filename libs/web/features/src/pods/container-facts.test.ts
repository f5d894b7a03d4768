import { expect, test } from 'vitest';
import {
  amountsText,
  commandText,
  envFromSource,
  envSource,
  mountText,
  probeText,
  volumeSource,
} from './container-facts.js';
import { tolerationText } from './pod-placement.js';

test.each([
  [{ httpGet: { port: 'web', path: '/ready' } }, 'http-get http://:web/ready'],
  [{ httpGet: { port: 8443, scheme: 'HTTPS', host: 'h' } }, 'http-get https://h:8443'],
  [{ tcpSocket: { port: 5432 } }, 'tcp-socket :5432'],
  [{ exec: { command: ['cat', '/tmp/x'] } }, 'exec ["cat","/tmp/x"]'],
  [{ grpc: { port: 9, service: 's' } }, 'grpc <pod>:9 s'],
  [{}, 'unknown'],
])('%j as kubectl describe tells it', (action, text) => {
  expect(probeText({ ...action, periodSeconds: 3 })).toBe(
    `${text} delay=0s timeout=1s period=3s #success=1 #failure=3`,
  );
});

test('where variables come from, and of Secrets never what they hold', () => {
  expect(envSource({ name: 'A', value: 'x' })).toBeUndefined();
  expect(envSource({ name: 'A', valueFrom: { secretKeyRef: { name: 's', key: 'k' } } })).toEqual({
    text: 'k',
    kind: 'Secret',
    name: 's',
  });
  expect(envSource({ name: 'A', valueFrom: { configMapKeyRef: { name: 'c', key: 'k' } } })?.kind).toBe('ConfigMap');
  expect(envSource({ name: 'A', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } })?.text).toBe(
    'v1:status.podIP',
  );
  expect(
    envSource({ name: 'A', valueFrom: { resourceFieldRef: { containerName: 'c', resource: 'limits.cpu' } } })?.text,
  ).toBe('c: limits.cpu');
  expect(envFromSource({ prefix: 'P_', secretRef: { name: 's' } })).toEqual({ text: 'P_*', kind: 'Secret', name: 's' });
});

test('mounts, amounts, commands and volumes in a word', () => {
  expect(mountText({ name: 'v', mountPath: '/data', readOnly: true, subPath: 'a' })).toBe('/data ← v (ro,path="a")');
  expect(amountsText({ cpu: '100m', memory: '64Mi' })).toBe('cpu 100m, memory 64Mi');
  expect(commandText(['sh', '-c', 'echo "a b"'])).toBe(`sh -c 'echo "a b"'`);
  expect(commandText(['echo', "it's"])).toBe(`echo "it's"`);
  expect(volumeSource({ name: 'v', emptyDir: { medium: 'Memory', sizeLimit: '1Mi' } }).text).toBe('Memory, 1Mi');
  expect(volumeSource({ name: 'v', persistentVolumeClaim: { claimName: 'c' } })).toMatchObject({ name: 'c', text: '' });
  expect(volumeSource({ name: 'v', projected: { sources: [{ configMap: {} }, { downwardAPI: {} }] } }).text).toBe(
    'configMap, downwardAPI',
  );
  expect(volumeSource({ name: 'v', nfs: { server: 's', path: '/' } }).type).toBe('Nfs');
  expect(volumeSource({ name: 'v' }).type).toBe('EmptyDir');
});

test.each([
  [{ key: 'k', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 }, 'k:NoExecute op=Exists for 300s'],
  [{ key: 'k', value: 'v', effect: 'NoSchedule' }, 'k=v:NoSchedule'],
  [{ operator: 'Exists' }, 'op=Exists'],
])('%j', (toleration, text) => expect(tolerationText(toleration)).toBe(text));
