/** On a Secret with a token: the day it was last shown to an API server (UTC, `2006-01-02`). */
export const LABEL_TOKEN_LAST_USED = 'kubernetes.io/legacy-token-last-used';
/** On a Secret with a token: the day since which it is not believed any more, because nobody used it. */
export const LABEL_TOKEN_INVALID_SINCE = 'kubernetes.io/legacy-token-invalid-since';
/** ConfigMap in `kube-system` whose `since` is the day from which on it is known when tokens were used. */
export const TOKEN_TRACKING_CONFIG_MAP = 'kube-apiserver-legacy-service-account-token-tracking';
export const TOKEN_TRACKING_SINCE = 'since';

const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** The day of a time in milliseconds since the epoch, UTC. */
export const dayOf = (time: number): string => new Date(time).toISOString().slice(0, 10);

/** When a day begins, milliseconds since the epoch; undefined where the text is no day. */
export function dayBegins(day: string | undefined): number | undefined {
  const time = day && DAY.test(day) ? Date.parse(`${day}T00:00:00Z`) : Number.NaN;
  return Number.isNaN(time) || dayOf(time) !== day ? undefined : time;
}
