const MINUTE = 60_000;
const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

/** Whether a field of a schedule names a value: lists, ranges and steps of numbers. */
function names(field: string, value: number): boolean {
  return field.split(',').some((part) => {
    const [range = '', step = '1'] = part.split('/');
    const [low = '0', high = part.includes('/') ? '99' : low] = range === '*' ? ['0', '99'] : range.split('-');
    return value >= Number(low) && value <= Number(high) && (value - Number(low)) % Number(step) === 0;
  });
}

function wallClock(timeZone: string): (time: number) => number[] {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    minute: 'numeric',
    hour: 'numeric',
    day: 'numeric',
    month: 'numeric',
    weekday: 'short',
  });
  return (time) => {
    const parts = new Map(format.formatToParts(time).map(({ type, value }) => [type, value]));
    const number = (type: Intl.DateTimeFormatPartTypes) => Number(parts.get(type));
    return [number('minute'), number('hour'), number('day'), number('month'), DAYS.indexOf(parts.get('weekday') ?? '')];
  };
}

/** Whether a wall clock's minute, hour, day, month and weekday are those of a schedule. */
function matches(schedule: readonly string[], wall: readonly number[]): boolean {
  const [minute, hour, day, month, weekday] = schedule.map((field, index) => names(field, wall[index] ?? 0));
  // Where both are said, either will do.
  const isEither = schedule[2] !== '*' && schedule[4] !== '*';
  return [minute, hour, month, isEither ? day || weekday : day && weekday].every(Boolean);
}

/**
 * When a schedule is due after one time and until another, in milliseconds, found by looking at the wall clock of its zone
 * every minute: slow, and with nothing of the controller's own reckoning.
 */
export function dueBetween(schedule: string, timeZone: string, after: number, until: number): number[] {
  const fields = schedule.split(' ');
  const wall = wallClock(timeZone);
  const times: number[] = [];
  for (let time = Math.floor(after / MINUTE + 1) * MINUTE; time <= until; time += MINUTE)
    if (matches(fields, wall(time))) times.push(time);
  return times;
}
