import { StringDecoder } from 'node:string_decoder';

/** What somebody types. */
export type Key = { readonly name: 'text'; readonly text: string } | { readonly name: KeyName };

export type KeyName =
  | 'enter'
  | 'backspace'
  | 'delete'
  | 'left'
  | 'right'
  | 'up'
  | 'down'
  | 'home'
  | 'end'
  | 'wordLeft'
  | 'wordRight'
  | 'killToEnd'
  | 'killToStart'
  | 'killWord'
  | 'clear'
  | 'interrupt'
  | 'endOfInput'
  | 'unknown';

const CONTROLS: Readonly<Record<string, KeyName>> = {
  '\r': 'enter',
  '\n': 'enter',
  '\x7f': 'backspace',
  '\b': 'backspace',
  '\x01': 'home',
  '\x02': 'left',
  '\x03': 'interrupt',
  '\x04': 'endOfInput',
  '\x05': 'end',
  '\x06': 'right',
  '\x0b': 'killToEnd',
  '\x0c': 'clear',
  '\x0e': 'down',
  '\x10': 'up',
  '\x15': 'killToStart',
  '\x17': 'killWord',
};

/** What follows an escape: `[A` and `OA` are the same key. */
const SEQUENCES: Readonly<Record<string, KeyName>> = {
  A: 'up',
  B: 'down',
  C: 'right',
  D: 'left',
  H: 'home',
  F: 'end',
  '1~': 'home',
  '7~': 'home',
  '4~': 'end',
  '8~': 'end',
  '3~': 'delete',
  '1;5C': 'wordRight',
  '1;5D': 'wordLeft',
  '1;3C': 'wordRight',
  '1;3D': 'wordLeft',
  b: 'wordLeft',
  f: 'wordRight',
};

const WHOLE = /^\x1b(?:\[([0-9;?]*[@-~])|O([@-~])|([^[O]))/;
/** A sequence that does not end is none. */
const LONGEST_SEQUENCE = 16;

const TEXT = /^[^\x00-\x1f\x7f]+/;

/** Reads keys from the bytes of a terminal, however they are cut. */
export class KeyReader {
  private readonly decoder = new StringDecoder('utf8');
  private rest = '';

  *read(chunk: Buffer): Generator<Key> {
    this.rest += this.decoder.write(chunk);
    for (let key = this.next(); key; key = this.next()) yield key;
  }

  private next(): Key | undefined {
    const [text] = TEXT.exec(this.rest) ?? [];
    if (text) return this.take(text.length, { name: 'text', text });
    const [first] = this.rest;
    if (first === undefined) return undefined;
    if (first === '\x1b') return this.sequence();
    // A terminal ends its lines by either; some send both.
    const length = this.rest.startsWith('\r\n') ? 2 : 1;
    return this.take(length, { name: CONTROLS[first] ?? 'unknown' });
  }

  private sequence(): Key | undefined {
    const [whole, csi, ss3, other] = WHOLE.exec(this.rest) ?? [];
    if (whole) return this.take(whole.length, { name: SEQUENCES[csi ?? ss3 ?? other ?? ''] ?? 'unknown' });
    return this.rest.length > LONGEST_SEQUENCE ? this.take(1, { name: 'unknown' }) : undefined;
  }

  private take(length: number, key: Key): Key {
    this.rest = this.rest.slice(length);
    return key;
  }
}
