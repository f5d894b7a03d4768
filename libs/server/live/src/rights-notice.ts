/** Something that is told once, for as long as somebody waits for it. */
export interface Notice {
  tell(): void;
  /** True once it is told; false where whoever waited has gone before. */
  readonly told: Promise<boolean>;
}

/** A notice that nobody waits for any more when the signal aborts. */
export function noticeUntil(signal: AbortSignal): Notice {
  let settle = (_told: boolean): void => undefined;
  const told = new Promise<boolean>((resolve) => (settle = resolve));
  const gone = (): void => settle(false);
  if (signal.aborted) gone();
  signal.addEventListener('abort', gone, { once: true });
  return { told, tell: () => settle(true) };
}
