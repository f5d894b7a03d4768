/** Text that is no YAML, in words like those of Go's reader. */
export class YamlSyntaxError extends Error {
  override readonly name = 'YamlSyntaxError';

  constructor(
    message: string,
    /** 1-based; undefined where the text as a whole is wrong. */
    readonly line?: number,
  ) {
    super(message);
  }
}
