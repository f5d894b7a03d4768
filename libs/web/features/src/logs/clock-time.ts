const two = (number: number): string => String(number).padStart(2, '0');

/** An RFC 3339 stamp as the reader's clock shows it, to the millisecond: like every other time in the dashboard. */
export function clockTime(time: string): string {
  const at = new Date(time);
  if (Number.isNaN(at.getTime())) return time;
  const date = [at.getFullYear(), two(at.getMonth() + 1), two(at.getDate())].join('-');
  const clock = [two(at.getHours()), two(at.getMinutes()), two(at.getSeconds())].join(':');
  return `${date} ${clock}.${String(at.getMilliseconds()).padStart(3, '0')}`;
}
