import { expect, test } from 'vitest';
import { admissionOf } from './admission.js';

const OFF = { 'enable-admission-plugins': '', 'disable-admission-plugins': '', 'admission-control-config-file': '' };
const POD_SECURITY = `
apiVersion: pod-security.admission.config.k8s.io/v1
kind: PodSecurityConfiguration
defaults: {enforce: baseline}
`;
const file = (plugin: string) => `apiVersion: apiserver.config.k8s.io/v1
kind: AdmissionConfiguration
plugins:
- ${plugin}
`;
const inline = (level: string) =>
  file(
    `{name: PodSecurity, configuration: {apiVersion: pod-security.admission.config.k8s.io/v1, kind: PodSecurityConfiguration, defaults: {enforce: ${level}}}}`,
  );

function read(files: Record<string, string>, more: object = {}) {
  const readFile = (path: string) => {
    const text = files[path];
    if (text === undefined) throw new Error(`no ${path}`);
    return text;
  };
  return admissionOf({ ...OFF, ...more }, readFile);
}
const configured = (files: Record<string, string>) => read(files, { 'admission-control-config-file': '/etc/a.yaml' });

test('without flags everything is on', () => {
  expect(read({})).toEqual({ disableAdmission: [] });
});

test('rules are left out by their names', () => {
  const flags = { 'disable-admission-plugins': 'PodSecurity,Priority', 'enable-admission-plugins': 'NodeRestriction' };
  expect(read({}, flags)).toEqual({ disableAdmission: ['PodSecurity', 'Priority'] });
});

test.each([
  [{ 'disable-admission-plugins': 'Podsecurity' }, 'plugin "Podsecurity" is unknown'],
  [{ 'enable-admission-plugins': 'X' }, '--enable-admission-plugins: admission-control plugin "X" is unknown'],
  [{ 'enable-admission-plugins': 'Priority', 'disable-admission-plugins': 'Priority' }, 'both name Priority'],
])('%j is refused', (flags, message) => {
  expect(() => read({}, flags)).toThrow(message);
});

test.each([
  ['in the file itself', { '/etc/a.yaml': inline('baseline') }],
  ['in a file beside it', { '/etc/a.yaml': file('{name: PodSecurity, path: ps.yaml}'), '/etc/ps.yaml': POD_SECURITY }],
])('defaults of Pod security stand %s', (_where, files) => {
  expect(configured(files as Record<string, string>).podSecurity?.defaults.enforce.level).toBe('baseline');
});

test.each([
  ['kind: Pod', 'is no AdmissionConfiguration'],
  ['{', 'cannot be read as YAML'],
  [inline('x'), 'PodSecurity: defaults.enforce: Invalid value: "x"'],
  [file('{name: Other}'), 'plugin "Other" is unknown'],
  ['apiVersion: apiserver.config.k8s.io/v1\nkind: AdmissionConfiguration\nplugins: {}', 'plugins must be a list'],
])('a file %j is refused', (text, message) => {
  expect(() => configured({ '/etc/a.yaml': text })).toThrow(message);
});
