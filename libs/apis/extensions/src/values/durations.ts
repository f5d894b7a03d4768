const UNIT = '(?:ns|us|µs|μs|ms|s|m|h)';
const NUMBER = '(?:\\d+(?:\\.\\d*)?|\\.\\d+)';
const GO_DURATION = new RegExp(`^[-+]?(?:0|(?:${NUMBER}${UNIT})+)$`);

/** Words for units that need not be whole: each may begin a longer one, as `minutes` does. */
const WORDS = ['nano', 'micro', 'milli', 'sec', 'min', 'hour', 'day', 'week'];
const SHORT: ReadonlySet<string> = new Set(['ns', 'us', 'µs', 'ms', 's', 'm', 'h', 'hr', 'd', 'w', 'wk']);

const isUnit = (word: string): boolean => SHORT.has(word) || WORDS.some((start) => word.startsWith(start));

/** What Go's time.ParseDuration takes, or numbers with units that upstream also knows: `3 days`. */
export function isDuration(text: string): boolean {
  if (text.length > 200) return false;
  if (GO_DURATION.test(text)) return true;
  return [...text.matchAll(/\d+\s*([A-Za-zµ]+)/g)].some(([, word = '']) => isUnit(word.toLowerCase()));
}
