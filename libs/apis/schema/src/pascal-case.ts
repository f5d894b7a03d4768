const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** `dns-names` as `DnsNames`: what is neither letter nor digit ends a word. */
export const pascalCase = (text: string): string =>
  text
    .split(/[^A-Za-z0-9]+/)
    .map(capital)
    .join('');
