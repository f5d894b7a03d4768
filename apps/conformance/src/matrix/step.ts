/** One command of the matrix, and what it has to say. Places such as `{ns}` are filled for each kubectl (`places.ts`). */
export interface Step {
  /** What is typed after `kubectl`; single quotes keep words together. */
  readonly command: string;
  /** What is printed, on whichever of the two streams. */
  readonly says: string | RegExp;
  /** Whether it is to be refused. */
  readonly fails?: boolean;
  readonly input?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** It goes on until it is stopped: it is, once it has said so. */
  readonly goesOn?: boolean;
  /** What it says may still be on its way, so it is typed again. */
  readonly settles?: boolean;
  /** The minor version of the kubectl that had it first. */
  readonly since?: number;
}

/** The commands of one kind, as `kubectl --help` groups them. */
export interface Section {
  readonly title: string;
  readonly steps: readonly Step[];
}

type More = Omit<Step, 'command' | 'says'>;

export const does = (command: string, says: string | RegExp, more: More = {}): Step => ({ command, says, ...more });

export const refuses = (command: string, says: string | RegExp, more: More = {}): Step => ({
  command,
  says,
  fails: true,
  ...more,
});

/** The words of a command as a shell would part them, single quotes only. */
export function wordsOf(command: string): string[] {
  return [...command.matchAll(/(?:'[^']*'|[^\s'])+/g)].map(([word]) => word.replaceAll("'", ''));
}
