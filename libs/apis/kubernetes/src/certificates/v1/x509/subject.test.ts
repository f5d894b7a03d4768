import fc from 'fast-check';
import { expect, it } from 'vitest';
import { EXAMPLE_REQUEST } from '../certificate-signing-request/example.js';
import { organizationsOf } from './subject.js';

/** O=devs, O=system:masters, CN=jane, signed with P-256. */
const MASTERS =
  'LS0tLS1CRUdJTiBDRVJUSUZJQ0FURSBSRVFVRVNULS0tLS0KTUlIek1JR1pBZ0VBTURjeERUQUxCZ05WQkFvTUJHUmxkbk14RnpBVkJnTlZCQW9NRG5ONWMzUmxiVHB0WVhOMApaWEp6TVEwd0N3WURWUVFEREFScVlXNWxNRmt3RXdZSEtvWkl6ajBDQVFZSUtvWkl6ajBEQVFjRFFnQUUzK3EzClJEM1A0bHFwMTk4S3BTejZRb1RCM1ZRekdzNUZLcFNlR0pzL3BLNXZMc29oL25idm5LRVg4MWoyWTNaS3Q0NjgKbGZId0tZTWEyVEJlTDY5TjlLQUFNQW9HQ0NxR1NNNDlCQU1DQTBrQU1FWUNJUURpWENpazNOaEF2Z08yNHdCZwpWSFZpbUdxSU43V0tkVnp1TWFtQVVkV0F3QUloQUlOZFljdzE3bUpHcnFPWU96a3h0dEkyaXVVQWNTU3Z0SUtiCnowdzFPUmxLCi0tLS0tRU5EIENFUlRJRklDQVRFIFJFUVVFU1QtLS0tLQo=';

it('tells the organizations of a subject, in order', () => {
  expect(organizationsOf(MASTERS)).toEqual(['devs', 'system:masters']);
});

it('tells none where there is none, or no request at all', () => {
  expect(organizationsOf(EXAMPLE_REQUEST)).toEqual([]);
  expect(organizationsOf('')).toEqual([]);
  expect(organizationsOf(btoa('no PEM'))).toEqual([]);
});

it('reads other encodings of text', () => {
  const der = (tag: number, ...content: number[]) => [tag, content.length, ...content];
  const attribute = (...value: number[]) => der(0x31, ...der(0x30, ...der(0x06, 0x55, 0x04, 0x0a), ...value));
  const subject = der(
    0x30,
    ...attribute(...der(0x1e, 0, 0x61, 0, 0x62)),
    ...attribute(...der(0x13, 0x63)),
    ...attribute(...der(0x1c, 0, 0, 0, 0x64)),
  );
  const request = der(0x30, ...der(0x30, ...der(0x02, 0), ...subject));
  const pem = `-----BEGIN CERTIFICATE REQUEST-----\n${btoa(String.fromCharCode(...request))}\n-----END CERTIFICATE REQUEST-----`;
  expect(organizationsOf(btoa(pem))).toEqual(['ab', 'c', 'd']);
});

it('takes whatever bytes for what they are', () => {
  const block = (bytes: Uint8Array) =>
    btoa(
      `-----BEGIN CERTIFICATE REQUEST-----\n${btoa(String.fromCharCode(...bytes))}\n-----END CERTIFICATE REQUEST-----`,
    );
  fc.assert(fc.property(fc.uint8Array(), (bytes) => Array.isArray(organizationsOf(block(bytes)))));
});
