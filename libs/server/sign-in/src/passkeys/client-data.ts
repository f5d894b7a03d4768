/**
 * Whether a browser says that the page which used a passkey stood within one of another site. What cannot be read is for whoever
 * reads all of it to refuse.
 */
export function isWithinAnother(clientData: unknown): boolean {
  if (typeof clientData !== 'string') return false;
  try {
    const said = JSON.parse(Buffer.from(clientData, 'base64url').toString()) as Record<string, unknown> | null;
    return said?.crossOrigin === true || said?.topOrigin !== undefined;
  } catch {
    return false;
  }
}
