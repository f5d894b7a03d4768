import type { LogFields, Logger } from '@binnacle/machinery-context';

/** Counts what programs warn of, by program and message: a day says the same things many times. */
export class ToldLog {
  readonly counts = new Map<string, number>();

  logger(about: LogFields = {}): Logger {
    const keep = (message: string, { key, error }: LogFields = {}) => {
      const what = [about.controller ?? about.program, message, error].filter(Boolean).map(String).join(': ');
      // One kind of failure names a thousand objects.
      const kind = what.replace(/[a-z]+-\d+(-[a-z0-9]+)*/g, '*').slice(0, 300);
      this.counts.set(kind, (this.counts.get(kind) ?? 0) + 1);
      return key;
    };
    return {
      debug: () => undefined,
      info: () => undefined,
      warn: keep,
      error: keep,
      child: (fields) => this.logger({ ...about, ...fields }),
    };
  }
}
