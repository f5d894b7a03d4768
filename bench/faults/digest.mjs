/** Folds one change into the digest of a stretch of a watch, so that long stretches are compared by one number. */
export function fold(digest, revision, type, key, id) {
  let hash = digest;
  const text = `${revision}|${type}|${key}|${id};`;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193) >>> 0;
  return hash;
}

export const EMPTY = 0x811c9dc5;

/** The unique mark of a write, which its body carries. */
export function idOf(body) {
  return /"write":"([^"]*)"/.exec(body.toString())?.[1];
}
