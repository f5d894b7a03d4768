/** Runes a warning is cut to once they are too many. */
const MOST_OF_ONE = 256;
/** Bytes of all warnings of an answer. Upstream counts runes; clients and proxies that bound headers count bytes. */
const MOST_IN_ALL = 4 * 1024;
/** What a text in quotes must not hold as it is. */
const ESCAPED = /["\\]/g;
const CONTROL = /[\u0000-\u001f\u007f-\u009f]+/g;

/** The first runes of a text, without looking at the rest of it. */
function shortened(text: string): string {
  if (text.length <= MOST_OF_ONE) return text;
  let end = 0;
  for (let runes = 0; runes < MOST_OF_ONE && end < text.length; runes += 1) {
    end += (text.codePointAt(end) ?? 0) > 0xffff ? 2 : 1;
  }
  return text.slice(0, end);
}

interface Header {
  readonly value: string;
  readonly bytes: number;
}

/** Headers are bytes: the UTF-8 of the text goes over the wire as Go's server sends it. */
function headerOf(text: string): Header {
  const clean = text.replace(CONTROL, ' ');
  const quoted = `299 - "${clean.replace(ESCAPED, '\\$&')}"`;
  return { value: Buffer.from(quoted).toString('latin1'), bytes: Buffer.byteLength(clean) };
}

/**
 * The warnings of one answer: each said once, shortened only where they are too many together. Behaves as kubernetes
 * apiserver pkg/endpoints/filters WithWarningRecorder.
 */
export class Warnings {
  /** Values of `Warning` headers, of characters below 256. */
  readonly headers: string[] = [];
  private readonly texts = new Set<string>();
  private bytes = 0;
  private isFull = false;
  private shortens = false;

  /** Answers whether the headers have changed. */
  add(text: string): boolean {
    if (text === '' || this.isFull || this.texts.has(text)) return false;
    this.texts.add(text);
    // So long a text is never said whole.
    if (!this.shortens && (text.length > MOST_IN_ALL || !this.push(headerOf(text)))) this.sayShorter();
    else if (this.shortens) this.isFull = !this.push(headerOf(shortened(text)));
    return true;
  }

  private push({ value, bytes }: Header): boolean {
    if (this.bytes + bytes > MOST_IN_ALL) return false;
    this.bytes += bytes;
    this.headers.push(value);
    return true;
  }

  /** Says again, and from now on, only the beginnings. */
  private sayShorter(): void {
    this.shortens = true;
    this.headers.length = 0;
    this.bytes = 0;
    for (const text of this.texts) if (!this.isFull) this.isFull = !this.push(headerOf(shortened(text)));
  }
}
