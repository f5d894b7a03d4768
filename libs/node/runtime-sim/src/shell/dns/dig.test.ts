import { describe, expect, test } from 'vitest';
import { digQuestion, digText } from './dig.js';

const wanted = { name: 'web', type: 'A', search: false, tcp: false, bufferSize: 1232 };

describe('dig', () => {
  test.each<[string, object]>([
    ['web', {}],
    ['web SRV', { type: 'SRV' }],
    ['srv web', { type: 'SRV' }],
    ['-t mx web', { type: 'MX' }],
    ['web IN A', {}],
    ['-q web', {}],
    ['', { name: '.' }],
    ['-x 10.96.0.1', { name: '1.0.96.10.in-addr.arpa', type: 'PTR' }],
    ['@10.96.0.10 -p 5353 web', { server: '10.96.0.10', port: 5353 }],
    ['+notcp +noall +answer +search web A', { search: true }],
    ['+search +nosearch web', {}],
    ['+tcp web', { tcp: true }],
    ['+vc web', { tcp: true }],
    ['+bufsize=512 web', { bufferSize: 512 }],
  ])('%s', (line, expected) => {
    expect(digQuestion(line.split(' ').filter(Boolean)).wanted).toEqual({ ...wanted, ...expected });
  });

  test('without EDNS says nothing of its size', () => {
    expect(digQuestion(['+noedns', 'web']).wanted).not.toHaveProperty('bufferSize');
  });

  test('says how it tells', () => {
    expect(digQuestion(['+short', 'web'])).toMatchObject({ short: true, answerOnly: false });
    expect(digQuestion(['+noall', '+answer', 'web'])).toMatchObject({ short: false, answerOnly: true });
  });

  test('tells all of a message', () => {
    const record = { name: 'web.', ttl: 30, type: 'A', data: '10.96.0.5' };
    const authority = { name: 'local.', ttl: 30, type: 'SOA', data: 'ns. root. 1 2 3 4 5' };
    const parts = {
      answers: [record],
      authorities: [authority],
      additionals: [],
      bytes: 90,
      tcp: false,
      bufferSize: 1232,
    };
    const message = { id: 5, rcode: 'NOERROR', flags: ['qr', 'aa'], ...parts };
    expect(digText({ server: '10.96.0.10', name: 'web', message }, digQuestion(['web']), ['web'])).toBe(`
; <<>> DiG 9.18.0-simulated <<>> web
;; Got answer:
;; ->>HEADER<<- opcode: QUERY, status: NOERROR, id: 5
;; flags: qr aa; QUERY: 1, ANSWER: 1, AUTHORITY: 1, ADDITIONAL: 1

;; OPT PSEUDOSECTION:
; EDNS: version: 0, flags:; udp: 1232
;; QUESTION SECTION:
;web.\tIN\tA

;; ANSWER SECTION:
web.\t30\tIN\tA\t10.96.0.5

;; AUTHORITY SECTION:
local.\t30\tIN\tSOA\tns. root. 1 2 3 4 5

;; SERVER: 10.96.0.10#53(10.96.0.10) (UDP)
;; MSG SIZE  rcvd: 90

`);
  });
});
