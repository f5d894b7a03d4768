/**
 * A value that is mostly there already. Whoever waits regardless lets other requests come in between, and finds the
 * processor's caches full of their data.
 */
export type Soon<T> = T | Promise<T>;

/** Goes on at once where the value is there; where it is not, as `then`. What `next` throws at once is thrown. */
export function soon<T, R>(value: Soon<T>, next: (value: T) => Soon<R>): Soon<R> {
  return value instanceof Promise ? value.then(next) : next(value);
}

/** Does something with each of a list, one after the other, waiting only for those that have to be waited for. */
export function soonEach<T>(items: readonly T[], act: (item: T) => Soon<void>, from = 0): Soon<void> {
  for (let at = from; at < items.length; at += 1) {
    const pending = act(items[at] as T);
    if (pending) return pending.then(() => soonEach(items, act, at + 1));
  }
}
