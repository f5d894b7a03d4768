import { rehearseCreate } from '@binnacle/apis-registry';
import { fieldPath } from '@binnacle/machinery-validation';
import { expect, test } from 'vitest';
import type { Pod, PodSpec } from '../index.js';
import { pods } from './definition.js';
import { podTemplateWarnings, podWarnings } from './warnings.js';

const KEY = 'container.apparmor.security.beta.kubernetes.io/c';
const OLD = `metadata.annotations[${KEY}]: deprecated since v1.30; use the "appArmorProfile" field instead`;

const pod = (annotations: Record<string, string>, spec: Partial<PodSpec> = {}): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'x', namespace: 'ns', annotations },
  spec: { containers: [{ name: 'c', image: 'i' }], ...spec },
});

const made = (annotations: Record<string, string>, spec?: Partial<PodSpec>) => {
  const { object } = rehearseCreate(pods, pod(annotations, spec));
  return { profile: object.spec?.containers[0]?.securityContext?.appArmorProfile, warnings: podWarnings(object) };
};

test.each([
  ['unconfined', { type: 'Unconfined' }],
  ['runtime/default', { type: 'RuntimeDefault' }],
  ['localhost/mine', { type: 'Localhost', localhostProfile: 'mine' }],
  ['localhost/', undefined],
  ['other', undefined],
])('the annotation %s of a new Pod becomes %j', (annotation, profile) => {
  expect(made({ [KEY]: annotation })).toEqual({ profile, warnings: [OLD] });
});

test('a field that is there stays, and nothing is said of it', () => {
  const appArmorProfile = { type: 'RuntimeDefault' } as const;
  const containers = [{ name: 'c', image: 'i', securityContext: { appArmorProfile } }];
  expect(made({ [KEY]: 'runtime/default' }, { containers })).toEqual({ profile: appArmorProfile, warnings: [] });
  const securityContext = { appArmorProfile };
  expect(made({ [KEY]: 'runtime/default' }, { securityContext })).toEqual({ profile: undefined, warnings: [] });
});

test('Windows knows no AppArmor', () => {
  expect(made({ [KEY]: 'unconfined' }, { os: { name: 'windows' } })).toEqual({ profile: undefined, warnings: [] });
});

test('annotations of seccomp do nothing, and that is said', () => {
  const old = 'non-functional in v1.27+; use the "seccompProfile" field instead';
  const [ofPod, ofContainer] = [
    'seccomp.security.alpha.kubernetes.io/pod',
    'container.seccomp.security.alpha.kubernetes.io/c',
  ];
  const annotations = { [ofPod]: 'unconfined', [ofContainer]: 'unconfined' };
  expect(podWarnings(pod(annotations))).toEqual([
    `metadata.annotations[${ofPod}]: ${old}`,
    `metadata.annotations[${ofContainer}]: ${old}`,
  ]);
  const securityContext = { seccompProfile: { type: 'RuntimeDefault' } } as const;
  const containers = [{ name: 'c', image: 'i', securityContext }];
  expect(podWarnings(pod(annotations, { containers, securityContext }))).toEqual([]);
});

test('templates keep their annotations, and those who write them are told', () => {
  const { metadata, spec } = pod({ [KEY]: 'unconfined' });
  const template = { metadata, spec } as Parameters<typeof podTemplateWarnings>[0];
  expect(podTemplateWarnings(template, fieldPath('spec', 'template'))).toEqual([`spec.template.${OLD}`]);
});
