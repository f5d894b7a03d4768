/** What a check found: undefined is well, a sentence is what is wrong and how to mend it. */
export type Finding = string | undefined;

/** One fact a start depends on. */
export interface Check {
  readonly name: string;
  run(): Promise<Finding> | Finding;
}

/** Makes a finding of what refuses by throwing. */
export function findingOf(refuse: () => unknown): Finding {
  try {
    refuse();
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}
