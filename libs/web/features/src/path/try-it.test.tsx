// @vitest-environment jsdom
import { service } from '@binnacle/testing-fixtures';
import { cleanup, screen } from '@testing-library/react';
import { afterEach, expect, test, vi } from 'vitest';
import { answerWith, refusal } from '../testing/answers.js';
import { showPage } from '../testing/page.js';
import { TryIt } from './try-it.js';

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

const TRIALS = 'POST /apis/networking.binnacle.dev/v1/requesttrials';
const RULES = 'POST /apis/authorization.k8s.io/v1/selfsubjectrulesreviews';
const may = (...resources: string[]) => ({
  status: { incomplete: false, nonResourceRules: [], resourceRules: [{ verbs: ['get'], apiGroups: [''], resources }] },
});
const peer = { address: '10.244.0.1', port: 8080 };

test('a request is sent, and each step of it shown', async () => {
  const status = {
    asked: { address: '10.96.0.10', port: 80 },
    connectedMilliseconds: '0.4',
    endpoint: peer,
    reachedMilliseconds: '1.2',
    answeredMilliseconds: '3.5',
    code: 200,
    text: 'hello',
    truncated: true,
  };
  const asked = answerWith({ [RULES]: may('services/proxy'), [TRIALS]: { status } });
  const { user } = showPage(<TryIt service={service()} port={80} />);
  const field = await screen.findByLabelText('Try it: GET');
  await user.clear(field);
  await user.type(field, 'healthz{Enter}');
  expect(await screen.findByText('It got there')).toBeTruthy();
  expect(screen.getAllByRole('listitem').map(({ textContent }) => textContent)).toEqual([
    'The proxy took it at10.96.0.10:800.4 ms',
    'led it to10.244.0.1:80801.2 ms',
    'answered with2003.5 ms',
  ]);
  expect(screen.getByText('hello…')).toBeTruthy();
  expect(asked.at(-1)?.body).toMatchObject({ spec: { service: 'web', port: 80, path: '/healthz' } });
});

test('where it ended is said in words, and why the server sent none', async () => {
  const status = { asked: { address: '10.96.0.10', port: 80 }, endpoint: peer, failure: 'NoAnswer' };
  answerWith({ [RULES]: may('services/proxy'), [TRIALS]: { status } });
  const { user } = showPage(<TryIt service={service()} port={80} />);
  await user.click(await screen.findByRole('button', { name: 'Send' }));
  expect(
    await screen.findByText('The endpoint did not answer in time: it hangs, or a policy drops what is sent to it.'),
  ).toBeTruthy();
  answerWith({ [RULES]: may('services/proxy'), [TRIALS]: () => refusal(403, { message: 'it leads elsewhere' }) });
  await user.click(screen.getByRole('button', { name: 'Send' }));
  expect(await screen.findByText('it leads elsewhere')).toBeTruthy();
});

test('who may not reach the Service through the server is offered nothing', async () => {
  const asked = answerWith({ [RULES]: may('services') });
  showPage(<TryIt service={service()} port={80} />);
  await vi.waitFor(() => expect(asked.length).toBeGreaterThan(0));
  expect(screen.queryByRole('button')).toBeNull();
});
