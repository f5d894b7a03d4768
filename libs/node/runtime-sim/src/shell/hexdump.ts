import { type CustomCommand, defineCommand } from 'just-bash';
import { failure } from './commands.js';

const ROW = 16;

const hex = (value: number, width: number) => value.toString(16).padStart(width, '0');
const offset = (at: number) => hex(at, 8);
const isPlain = (byte: number) => byte >= 0x20 && byte < 0x7f;

/** As `hexdump -C`: bytes in two groups of eight, and what of them can be read. */
function canonicalRow(row: Uint8Array): string {
  const cells = Array.from({ length: ROW }, (_, index) => (row[index] === undefined ? '  ' : hex(row[index], 2)));
  const groups = `${cells.slice(0, 8).join(' ')}  ${cells.slice(8).join(' ')}`;
  const text = [...row].map((byte) => (isPlain(byte) ? String.fromCharCode(byte) : '.')).join('');
  return `  ${groups}  |${text}|`;
}

/** As `hexdump` without a flag: words of two bytes, the lower first. */
function wordRow(row: Uint8Array): string {
  const words = Array.from({ length: Math.ceil(row.length / 2) }, (_, index) => {
    const [low = 0, high = 0] = row.subarray(index * 2, index * 2 + 2);
    return hex(high * 256 + low, 4);
  });
  return ` ${words.join(' ')}`;
}

/** The rows of a dump. Rows like the one before are one `*`, unless `all` are wanted. */
export function hexDump(bytes: Uint8Array, { canonical, all }: { canonical: boolean; all: boolean }): string {
  const width = canonical ? 8 : 7;
  const lines: string[] = [];
  let before = '';
  for (let at = 0; at < bytes.length; at += ROW) {
    const bytesOfRow = bytes.subarray(at, at + ROW);
    const row = canonical ? canonicalRow(bytesOfRow) : wordRow(bytesOfRow);
    const isSame = !all && row === before && bytesOfRow.length === ROW;
    if (!isSame) lines.push(`${offset(at).slice(-width)}${row}`);
    else if (lines.at(-1) !== '*') lines.push('*');
    before = row;
  }
  if (bytes.length > 0) lines.push(offset(bytes.length).slice(-width));
  return lines.map((line) => `${line}\n`).join('');
}

export const hexdump = (): CustomCommand =>
  defineCommand('hexdump', async (words, { fs, cwd, stdin }) => {
    const flags = words.filter((word) => word.startsWith('-')).join('');
    const paths = words.filter((word) => !word.startsWith('-'));
    const options = { canonical: flags.includes('C'), all: flags.includes('v') };
    try {
      const parts = await Promise.all(paths.map((path) => fs.readFileBuffer(fs.resolvePath(cwd, path))));
      const given = paths.length > 0 ? Buffer.concat(parts) : Buffer.from(stdin as unknown as string, 'latin1');
      return { stdout: hexDump(given, options), stderr: '', exitCode: 0 };
    } catch {
      return failure(`hexdump: ${paths[0]}: No such file or directory\n`);
    }
  });
