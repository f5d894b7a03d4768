/** A moment of a cluster's life: a revision of its log, or a time in milliseconds since the epoch. */
export type Moment = { readonly revision: number } | { readonly time: number };

const REVISION = /^\d{1,15}$/;
const TIME = /^(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(?:\.\d{1,9})?(?:[Zz]|[+-](\d\d):(\d\d))$/;

/** The largest each part of a time may be, days aside. */
const LARGEST = [9999, 12, 31, 23, 59, 59, 23, 59];

function parseTime(text: string): number | undefined {
  const parts = TIME.exec(text)
    ?.slice(1)
    .map((part) => Number(part ?? 0));
  if (!parts || parts.some((part, index) => part > (LARGEST[index] ?? 0))) return undefined;
  const [year = 0, month = 0, day = 0] = parts;
  // A day that the month does not have would be taken for one of the next.
  if (new Date(Date.UTC(year, month - 1, day)).getUTCDate() !== day) return undefined;
  const time = Date.parse(text.toUpperCase());
  return Number.isNaN(time) ? undefined : time;
}

/** Reads a revision or an RFC 3339 time; undefined where the text is neither. */
export function parseMoment(text: string): Moment | undefined {
  if (REVISION.test(text)) return { revision: Number(text) };
  const time = parseTime(text);
  return time === undefined ? undefined : { time };
}

/** Between the name of a logical cluster and the moment at which it is seen. No cluster's own name holds it. */
const MARK = '@';

/** Whether a name is that of a cluster at a moment. */
export function isPast(name: string): boolean {
  return name.includes(MARK);
}

/** The cluster itself, whose users and rights are also those of its past. */
export function presentCluster(name: string): string {
  const at = name.indexOf(MARK);
  return at < 0 ? name : name.slice(0, at);
}

/** What follows the cluster's own name, be it a moment or not; undefined for the cluster itself. */
export function momentOf(name: string): string | undefined {
  const at = name.indexOf(MARK);
  return at < 0 ? undefined : name.slice(at + 1);
}
