const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;
/** No vowels and nothing that looks like another: as upstream's names. */
const ALPHABET = 'bcdfghjklmnpqrstvwxz2456789';

/** JSON with sorted keys, so that equal templates give equal text. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const fields = Object.entries(value)
    .filter(([, field]) => field !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${fields.map(([key, field]) => `${JSON.stringify(key)}:${canonical(field)}`).join(',')}}`;
}

function fnv1a(bytes: Uint8Array): number {
  let hash = FNV_OFFSET;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, FNV_PRIME) >>> 0;
  return hash;
}

/** The value of the label `pod-template-hash`: differs for different templates and, after a collision, for the same. */
export function templateHash(template: unknown, collisionCount: number | undefined): string {
  const text = canonical(template) + (collisionCount ? `#${collisionCount}` : '');
  const digits = String(fnv1a(new TextEncoder().encode(text)));
  return [...digits].map((digit) => ALPHABET[digit.charCodeAt(0) % ALPHABET.length]).join('');
}
