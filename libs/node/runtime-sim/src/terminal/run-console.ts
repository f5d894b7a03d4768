/** Where the lines of a run come from and its output goes. */
export interface RunConsole {
  /** Resolves when more may be written. */
  write(stream: 'stdout' | 'stderr', bytes: Buffer): Promise<void>;
  /** Undefined is the end of the input. */
  readLine(prompt: string): Promise<string | undefined>;
  /** Calls back when whoever reads wants what runs to stop. */
  onInterrupt(listener: () => void): void;
}
