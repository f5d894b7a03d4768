import { createMetrics } from '@binnacle/process-telemetry';
import { X509Certificate } from 'node:crypto';
import type { Report } from '@binnacle/network-ingress';
import { expect, test } from 'vitest';
import { accessLine, accessLog } from './access-log.js';
import { fallbackCertificate } from './fallback-certificate.js';
import { requestMetrics } from './request-metrics.js';

const headers: Record<string, string> = {
  'user-agent': 'curl/8',
  referer: 'x'.repeat(2_000),
  authorization: 'Bearer a',
};

function report(said: { method?: string; known?: boolean; status?: number } = {}): Report {
  const { method = 'GET', known = true, status = 200 } = said;
  const origin = { kind: 'Ingress', namespace: 'default', name: 'shop', host: 'shop.example.com', path: '/' };
  return {
    request: { method, url: '/cart?token=1', httpVersion: '1.1' },
    arrival: known
      ? { client: '127.0.0.1', method, host: 'shop.example.com', header: (name: string) => headers[name] }
      : undefined,
    match: known ? { route: { origin } } : undefined,
    answer: { status, bytes: 120 },
    trace: known
      ? { service: 'web', endpoint: '10.244.1.5:8080', tries: 2, canary: false, body: { bytes: 7 } }
      : { tries: 0 },
    id: 'abc',
    milliseconds: 12.345,
  } as unknown as Report;
}

test('a request is a line of who asked for what and who answered', () => {
  expect(accessLine(report())).toEqual({
    client: '127.0.0.1',
    method: 'GET',
    host: 'shop.example.com',
    path: '/cart?token=1',
    protocol: 'HTTP/1.1',
    status: 200,
    bytes: 120,
    milliseconds: 12.3,
    route: 'Ingress default/shop',
    service: 'web',
    endpoint: '10.244.1.5:8080',
    tries: 2,
    referer: 'x'.repeat(1_024),
    userAgent: 'curl/8',
    requestId: 'abc',
  });
});

test('what was no request is a line as well', () => {
  const lines: unknown[] = [];
  const logger = { info: (message: string, fields: object) => lines.push([message, fields]) };
  accessLog(logger as never)(report({ known: false, status: 400 }));
  expect(lines).toEqual([['request', expect.objectContaining({ status: 400, client: '', requestId: 'abc' })]]);
});

test('requests are counted under the names of ingress-nginx, and not by words that clients choose', async () => {
  const registry = createMetrics('test');
  const count = requestMetrics(registry);
  count(report());
  count(report());
  count(report({ method: 'BREW' }));
  count(report({ known: false, status: 404 }));
  const text = await registry.metrics();
  const lines = text.split('\n').filter((line) => line.startsWith('nginx_ingress_controller_requests{'));
  const labels = 'namespace="default",ingress="shop",host="shop.example.com",path="/",service="web",canary=""';
  expect(lines.map((line) => line.replace(/,component="test"/, '').replace(/component="test",/, ''))).toEqual([
    `nginx_ingress_controller_requests{${labels},method="GET",status="200"} 2`,
    `nginx_ingress_controller_requests{${labels},method="other",status="200"} 1`,
    'nginx_ingress_controller_requests{namespace="",ingress="",host="",path="",service="",canary="",method="other",status="404"} 1',
  ]);
  expect(text).toMatch(/nginx_ingress_controller_request_size_sum\{.*method="GET".*\} 14/);
  expect(text).toMatch(/nginx_ingress_controller_request_duration_seconds_bucket\{le="0.025"/);
});

test('the certificate for names that nobody has is nobody else’s', async () => {
  const { cert, key, names } = await fallbackCertificate(Date.UTC(2026, 0, 1));
  const parsed = new X509Certificate(cert);
  expect(parsed.subject).toContain('Ingress Controller Fallback Certificate');
  expect(parsed.validTo).toContain('2027');
  expect(names).toEqual(['ingress.invalid']);
  expect(key).toContain('PRIVATE KEY');
});
