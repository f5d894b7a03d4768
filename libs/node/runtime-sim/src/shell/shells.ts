export const SHELLS = ['sh', 'bash', 'ash', 'dash'];

const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** The script of `sh -c script`; undefined for another form. */
export function scriptOf([name = '', ...args]: readonly string[]): string | undefined {
  if (!SHELLS.includes(baseName(name))) return undefined;
  const at = args.findIndex((arg) => /^-[a-z]*c$/.test(arg));
  return at >= 0 ? args[at + 1] : undefined;
}
