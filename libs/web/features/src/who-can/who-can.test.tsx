// @vitest-environment jsdom
import { accessibilityFindings, layOut } from '@binnacle/web-ui/testing';
import { cleanup, screen, waitFor } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { LOCALES } from '../messages/index.js';
import { answerWith, type AskedRequest, refusal } from '../testing/answers.js';
import { showPage } from '../testing/page.js';
import { MayDoPage } from './may-do-page.js';
import { WhoCanPage } from './who-can-page.js';

const WHO = 'POST /apis/authorization.binnacle.dev/v1/whocans';
const RULES = 'POST /apis/authorization.k8s.io/v1/selfsubjectrulesreviews';
const RBAC = 'rbac.authorization.k8s.io/v1';
const binding = (name: string) => ({
  apiVersion: RBAC,
  kind: 'RoleBinding',
  metadata: { name, namespace: 'shop', uid: name },
});

let names: string[];
let asked: AskedRequest[];
beforeEach(() => {
  layOut();
  names = ['ann'];
  asked = answerWith({
    [WHO]: () => ({ status: { subjects: names.map((name) => ({ kind: 'User', name })), couldGrant: [] } }),
    [RULES]: () => ({
      status: { resourceRules: names.map((verb) => ({ verbs: [verb], apiGroups: [''], resources: ['pods'] })) },
    }),
  });
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});
const reviews = () => asked.filter(({ method }) => method === 'POST').length;

describe.each([
  ['who can do it', <WhoCanPage key="who" />, '/c/main/who-can?verb=get&kind=pods&in=shop'],
  ['what somebody may do', <MayDoPage key="may" />, '/c/main/may-do?user=vera&in=shop'],
])('%s', (_, page, address) => {
  test('is asked anew when a binding comes, and not otherwise', async () => {
    const { line } = showPage(page, { address, objects: [binding('first')] });
    await screen.findByText(/ann/);
    await waitFor(() => expect(line.subscriptions.map(({ resource }) => resource)).toContain('rolebindings'));
    expect(line.subscriptions.filter(({ group }) => group).every(({ metadataOnly }) => metadataOnly)).toBe(true);
    const before = reviews();
    names = ['ann', 'bob'];
    line.put(binding('second'));
    await screen.findByText(/bob/);
    expect(reviews()).toBe(before + 1);
  });

  test.each(LOCALES)('can be read by anybody (%s)', async (locale) => {
    showPage(page, { address, locale });
    await screen.findByText(/ann/);
    expect(await accessibilityFindings()).toEqual([]);
  });

  test('that may not be asked says so', async () => {
    answerWith({ [WHO]: refusal(403, { message: 'not you' }), [RULES]: refusal(403, { message: 'not you' }) });
    showPage(page, { address });
    expect(await screen.findByText(/not you/)).toBeTruthy();
  });
});
