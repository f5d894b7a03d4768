const WORD = /"([^"]*)"|'([^']*)'|(\S+)/g;

/** A command as it is typed, in its words; what stands between quotation marks is one. */
export function wordsOf(command: string): string[] {
  return [...command.matchAll(WORD)].map(([, double, single, plain]) => double ?? single ?? plain ?? '');
}
