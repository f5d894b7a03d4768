import { FakeClock } from '@binnacle/machinery-context';
import { newForbidden } from '@binnacle/machinery-meta';
import { beforeEach, expect, test } from 'vitest';
import { AuditedRequest, type AuditSubject } from './audited-request.js';
import { type AuditEvent, finished, type PendingEvent } from './event.js';
import type { AuditLevel, AuditStage } from './policy.js';

let told: PendingEvent[];
beforeEach(() => {
  told = [];
});

const configMaps = { group: '', version: 'v1', resource: 'configmaps', subresource: '', namespace: 'n', name: 'c' };
const subject = (more: Partial<AuditSubject> = {}): AuditSubject => ({
  auditId: 'id-1',
  url: '/api/v1/namespaces/n/configmaps/c',
  path: '/api/v1/namespaces/n/configmaps/c',
  cluster: 'main',
  verb: 'update',
  resource: configMaps,
  user: { name: 'ada', groups: ['g'] },
  sourceIPs: ['192.0.2.1'],
  userAgent: 'kubectl',
  ...more,
});

function begin(
  level: AuditLevel,
  more: Partial<AuditSubject> = {},
  omit: AuditStage[] = [],
  omitManagedFields = false,
) {
  const verdict = { level, omitStages: new Set(omit), omitManagedFields };
  return new AuditedRequest(subject(more), verdict, new FakeClock(), (pending) => void told.push(pending));
}
const events = (): AuditEvent[] => told.map(finished);
const last = () => events().at(-1);
const body = (value: unknown) => Buffer.from(JSON.stringify(value));
const JSON_TYPE = 'application/json';

test('an event says who asked what of which object, when, and what came of it', () => {
  const audited = begin('Metadata');
  audited.annotate('k', 'v');
  audited.annotate('k', 'another');
  audited.asked(body({ a: 1 }), JSON_TYPE);
  audited.answered(['{}'], JSON_TYPE);
  audited.complete(200);
  audited.complete(500);
  expect(events().map(({ stage }) => stage)).toEqual(['RequestReceived', 'ResponseComplete']);
  const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/) as string;
  expect(last()).toEqual({
    kind: 'Event',
    apiVersion: 'audit.k8s.io/v1',
    level: 'Metadata',
    auditID: 'id-1',
    stage: 'ResponseComplete',
    requestURI: '/api/v1/namespaces/n/configmaps/c',
    verb: 'update',
    user: { username: 'ada', groups: ['g'] },
    sourceIPs: ['192.0.2.1'],
    userAgent: 'kubectl',
    objectRef: { resource: 'configmaps', namespace: 'n', name: 'c', apiVersion: 'v1' },
    responseStatus: { metadata: {}, code: 200 },
    requestReceivedTimestamp: time,
    stageTimestamp: time,
    annotations: { 'binnacle.dev/cluster': 'main', k: 'v' },
  });
});

test('who asks as another is named with them', () => {
  begin('Metadata', { impersonator: { name: 'admin', groups: [] } });
  expect(last()).toMatchObject({ user: { username: 'admin' }, impersonatedUser: { username: 'ada' } });
});

test('a failure is told with its reason', () => {
  const audited = begin('Metadata');
  audited.failed(newForbidden({ group: '', resource: 'configmaps' }, 'c', 'no'));
  audited.complete(403);
  expect(last()?.responseStatus).toMatchObject({ status: 'Failure', code: 403, reason: 'Forbidden' });
});

test('an answer has the status it was made with', () => {
  const audited = begin('Metadata');
  audited.responds(201);
  audited.complete(200);
  expect(last()?.responseStatus?.code).toBe(201);
});

test('stages that are left out are not told', () => {
  begin('Metadata', {}, ['RequestReceived']).complete(200);
  expect(events().map(({ stage }) => stage)).toEqual(['ResponseComplete']);
});

test.each<[AuditLevel, boolean, boolean]>([
  ['Metadata', false, false],
  ['Request', true, false],
  ['RequestResponse', true, true],
])('bodies at the level %s', (level, hasRequest, hasResponse) => {
  const audited = begin(level, {}, [], true);
  audited.asked(body({ metadata: { managedFields: [1], name: 'c' } }), JSON_TYPE);
  audited.answered(['{"metadata":{"name":"c",', '"managedFields":[1]}}'], JSON_TYPE);
  audited.complete(200);
  expect(last()?.requestObject).toEqual(hasRequest ? { metadata: { name: 'c' } } : undefined);
  expect(last()?.responseObject).toEqual(hasResponse ? { metadata: { name: 'c' } } : undefined);
});

test.each([
  ['Secrets', { ...configMaps, resource: 'secrets' }],
  ['tokens', { ...configMaps, resource: 'serviceaccounts', subresource: 'token' }],
  ['reviews of tokens', { ...configMaps, group: 'authentication.k8s.io', resource: 'tokenreviews' }],
  ['changes', { ...configMaps, group: 'history.binnacle.dev', resource: 'changes' }],
  ['people', { ...configMaps, group: 'iam.binnacle.dev', resource: 'users' }],
  ['commands', { ...configMaps, resource: 'pods', subresource: 'exec' }],
])('bodies of %s are never noted, whatever the policy says', (_what, resource) => {
  const audited = begin('RequestResponse', { resource });
  audited.asked(body({ data: 'hunter2' }), JSON_TYPE);
  audited.answered([body({ data: 'hunter2' })], JSON_TYPE);
  audited.complete(200);
  expect(JSON.stringify(events())).not.toContain('hunter2');
});

test.each([
  ['/auth/login?code=hunter2', '/auth/login', '/auth/login'],
  ['/auth/invitations/hunter2', '/auth/invitations/hunter2', '/auth/invitations'],
  ['/api/v1/pods?access_token=hunter2', '/api/v1/pods', '/api/v1/pods'],
  ['/api/v1/pods?limit=5', '/api/v1/pods', '/api/v1/pods?limit=5'],
])('of %s no credential is noted', (url, path, noted) => {
  const { resource: _, ...rest } = subject({ url, path });
  const verdict = { level: 'RequestResponse', omitStages: new Set<AuditStage>(), omitManagedFields: false } as const;
  const audited = new AuditedRequest(rest, verdict, new FakeClock(), (pending) => void told.push(pending));
  audited.asked(body({ password: 'hunter2' }), JSON_TYPE);
  audited.complete(200);
  expect(last()?.requestURI).toBe(noted);
  expect(JSON.stringify(events())).not.toContain('hunter2');
});

test('what is large, or no JSON, is left out', () => {
  const audited = begin('RequestResponse');
  audited.asked(body({ data: 'x'.repeat(200_000) }), JSON_TYPE);
  audited.answered(['not json'], JSON_TYPE);
  for (let at = 0; at < 200; at += 1) audited.annotate(`k${at}`, 'v'.repeat(20_000));
  audited.complete(200);
  expect(last()).not.toHaveProperty('requestObject');
  expect(last()).not.toHaveProperty('responseObject');
  expect(last()?.annotations?.['audit.k8s.io/truncated']).toBe('true');
  expect(Object.keys(last()?.annotations ?? {})).toHaveLength(64);
  expect(JSON.stringify(last()).length).toBeLessThan(1_000_000);
});
