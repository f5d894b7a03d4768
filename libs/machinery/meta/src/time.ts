let lastSecond = Number.NaN;
let lastText = '';

/** A `metav1.Time`: RFC 3339, whole seconds, UTC. Mostly asked for the same second as the last time. */
export function formatTime(milliseconds: number): string {
  const second = Math.floor(milliseconds / 1000);
  if (second !== lastSecond) {
    lastText = `${new Date(milliseconds).toISOString().slice(0, 19)}Z`;
    lastSecond = second;
  }
  return lastText;
}

/** A `metav1.MicroTime`: RFC 3339 with six digits of a second, as Leases and events.k8s.io carry. */
export function formatMicroTime(milliseconds: number): string {
  const micros = Math.floor((milliseconds - Math.floor(milliseconds)) * 1000);
  return `${new Date(milliseconds).toISOString().slice(0, 23)}${String(micros).padStart(3, '0')}Z`;
}

const RFC3339 = /^\d{4}-\d{2}-\d{2}T(?:[01]\d|2[0-3]):\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/;

/** A day its month does not have would be taken for one of the next. */
function isDay(date: string): boolean {
  if (date.slice(8) <= '28') return true;
  const midnight = Date.parse(`${date}T00:00:00Z`);
  return !Number.isNaN(midnight) && new Date(midnight).toISOString().startsWith(date);
}

/** Milliseconds since the epoch; undefined where there is no time or it is not RFC 3339. */
export function parseTime(time: string | undefined | null): number | undefined {
  if (!time || !RFC3339.test(time) || !isDay(time.slice(0, 10))) return undefined;
  const milliseconds = Date.parse(time);
  return Number.isNaN(milliseconds) ? undefined : milliseconds;
}
