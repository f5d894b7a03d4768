// Compares what a machine holds after a fault with what it held and acknowledged before.

/** Acknowledged objects that are not there, or not as they were acknowledged. `stored` is a map from name to value. */
export function lostWrites(acknowledged, stored) {
  return [...acknowledged]
    .filter(([name, value]) => stored.get(name) !== value)
    .map(([name]) => `acknowledged write ${name} is ${stored.has(name) ? 'changed' : 'lost'}`);
}

/** What comes and goes in an installation that is well. */
const PASSING = [
  /^run\//,
  /^logs\//,
  /^kubelet(-sim)?\//,
  /^postgres\/data\/(postmaster\.|pg_wal\/|pg_stat|pg_logical\/|pg_subtrans\/|pg_notify\/|pg_replslot\/)/,
  /^postgres\/data\/(base|global)\/.*(pg_internal\.init|_fsm|_vm|_init)$/,
  /^postgres\/data\/base\/pgsql_tmp/,
  /^postgres\/data\/global\/\d+$/,
  /^postgres\/data\/base\/\d+\/(t\d+_)?\d+(\.\d+)?$/,
];

/** Files that somebody took away, less those that were `damaged` on purpose. */
export function vanishedFiles(before, after, damaged = []) {
  const left = new Set(after);
  return before
    .filter((path) => !left.has(path) && !damaged.includes(path) && !PASSING.some((each) => each.test(path)))
    .map((path) => `${path} was deleted`);
}

/** Whether what a start said is one clear sentence: short, no stack, about something that can be found. */
export function unclearWords(words) {
  const text = words.trim();
  if (text === '') return ['it ended without a word'];
  const found = [];
  if (/^\s+at /m.test(text)) found.push('it printed a stack');
  if (text.split('\n').length > 12) found.push('it said too much');
  return found;
}
