const VERSION = /^v(\d+)(?:(alpha|beta)(\d+))?$/;
const STABILITY: Readonly<Record<string, number>> = { alpha: 1, beta: 2 };

/** Stable ones above beta above alpha above all others, each by its numbers. */
function rank(version: string): readonly number[] {
  const [, major, stability, minor] = VERSION.exec(version) ?? [];
  if (major === undefined) return [0, 0, 0];
  return [stability === undefined ? 3 : (STABILITY[stability] ?? 0), Number(major), Number(minor ?? 0)];
}

/** Sorts versions as discovery does: the most stable and newest first. Behaves as apimachinery pkg/version. */
export function compareVersions(left: string, right: string): number {
  const [ours, theirs] = [rank(left), rank(right)];
  const at = ours.findIndex((number, index) => number !== theirs[index]);
  if (at >= 0) return (theirs[at] ?? 0) - (ours[at] ?? 0);
  return left < right ? -1 : Number(left > right);
}
