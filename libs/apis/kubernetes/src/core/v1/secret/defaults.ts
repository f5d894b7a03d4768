import type { Secret } from '../index.js';

/** Standard base64 of the UTF-8 bytes of a text. */
export function encodeText(text: string): string {
  let binary = '';
  for (const byte of new TextEncoder().encode(text)) binary += String.fromCharCode(byte);
  return btoa(binary);
}

/** Behaves as kubernetes: `stringData` is write-only and wins over `data`. */
export function applySecretDefaults(secret: Secret): void {
  secret.type ||= 'Opaque';
  const { stringData } = secret;
  if (!stringData) return;
  secret.data ??= {};
  for (const [key, text] of Object.entries(stringData)) secret.data[key] = encodeText(text);
  delete secret.stringData;
}
