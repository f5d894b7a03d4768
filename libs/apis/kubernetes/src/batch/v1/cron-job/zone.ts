const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known) return known;
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  formats.set(timeZone, format);
  return format;
}

const SECOND = 1000;
const UTC = 'UTC';

/** How many milliseconds clocks in a zone are ahead of UTC at a moment. */
export function offsetAt(time: number, zone = UTC): number {
  if (zone === UTC) return 0;
  const of: Record<string, number> = {};
  for (const { type, value } of formatOf(zone).formatToParts(time)) of[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = of;
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(time / SECOND) * SECOND;
}

/** What clocks in a zone show, as the UTC parts of a Date. */
export function clockAt(time: number, zone?: string): Date {
  return new Date(time + offsetAt(time, zone));
}

/** The moment at which clocks in a zone show this; where there is none or there are two, the one Go's time.Date takes. */
export function momentOf(shown: number, zone?: string): number {
  return shown - offsetAt(shown - offsetAt(shown, zone), zone);
}

/** RFC 3339 with the zone's offset. */
export function formatIn(time: number, zone?: string): string {
  const offset = offsetAt(time, zone) / 60_000;
  const text = clockAt(time, zone).toISOString().slice(0, 19);
  if (offset === 0) return `${text}Z`;
  const two = (value: number) => String(Math.floor(value)).padStart(2, '0');
  const ahead = Math.abs(offset);
  return `${text}${offset < 0 ? '-' : '+'}${two(ahead / 60)}:${two(ahead % 60)}`;
}
