const PART = /^[A-Za-z.\-_0-9+]{1,14}$/;

/** Names are files to upstream, which must be spelled as they are; those of the platform may be in any case. */
const spelled = new Map(Intl.supportedValuesOf('timeZone').map((name) => [name.toLowerCase(), name]));

function isKnown(name: string): boolean {
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return (spelled.get(name.toLowerCase()) ?? name) === name;
  } catch {
    return false;
  }
}

/** Whether a name is one of the database of time zones: `Europe/Berlin`. */
export function isTimeZone(name: string): boolean {
  const parts = name.split('/');
  return (
    parts.every((part) => PART.test(part) && part !== '.' && part !== '..' && !part.startsWith('-')) && isKnown(name)
  );
}
