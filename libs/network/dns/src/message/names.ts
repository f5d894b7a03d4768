const LONGEST_NAME = 253;
/** What names are made of that this server makes messages of itself: all that can be seen but dots. */
const LABEL = /^[\x21-\x2d\x2f-\x7e]{1,63}$/;

/** The labels of a name in full, without a dot at its end; undefined for what is no name. */
export function plainLabels(name: string): string[] | undefined {
  const labels = name.split('.');
  return name.length <= LONGEST_NAME && labels.every((label) => LABEL.test(label)) ? labels : undefined;
}
