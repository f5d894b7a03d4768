import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { EncryptionKey } from './configuration.js';

/**
 * A sealed body is text, as all bodies are: `k8s:enc:aesgcm:v1:<key>:` and base64 of a nonce of 12 random bytes, what was sealed
 * and a tag of 16. No other body begins so: they are JSON objects.
 */
const PREFIX = 'k8s:enc:aesgcm:v1:';
const FIRST = PREFIX.charCodeAt(0);
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const LONGEST_NAME = 64;

export const isSealed = (body: Buffer): boolean =>
  body[0] === FIRST && body.subarray(0, PREFIX.length).toString('latin1') === PREFIX;

const cipherOf = ({ length }: Buffer): 'aes-128-gcm' | 'aes-192-gcm' | 'aes-256-gcm' =>
  length === 32 ? 'aes-256-gcm' : length === 24 ? 'aes-192-gcm' : 'aes-128-gcm';

/** `about` is what the body belongs to: it cannot be opened as that of anything else. */
export function sealBody({ name, secret }: EncryptionKey, about: string, body: Buffer): Buffer {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(cipherOf(secret), secret, nonce).setAAD(Buffer.from(about));
  const sealed = Buffer.concat([nonce, cipher.update(body), cipher.final(), cipher.getAuthTag()]);
  return Buffer.from(`${PREFIX}${name}:${sealed.toString('base64')}`);
}

/** By which key a body is sealed. */
export function keyNameOf(body: Buffer): string {
  const head = body.subarray(PREFIX.length, PREFIX.length + LONGEST_NAME).toString('latin1');
  return head.slice(0, Math.max(0, head.indexOf(':')));
}

/** Throws where the key is another, the body was altered, or belongs to something else. */
export function openBody({ name, secret }: EncryptionKey, about: string, body: Buffer): Buffer {
  const sealed = Buffer.from(body.subarray(PREFIX.length + name.length + 1).toString('latin1'), 'base64');
  const end = sealed.length - TAG_BYTES;
  const decipher = createDecipheriv(cipherOf(secret), secret, sealed.subarray(0, NONCE_BYTES), {
    authTagLength: TAG_BYTES,
  });
  decipher.setAAD(Buffer.from(about)).setAuthTag(sealed.subarray(end));
  return Buffer.concat([decipher.update(sealed.subarray(NONCE_BYTES, end)), decipher.final()]);
}
