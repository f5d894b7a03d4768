type Listener = () => void;
const listeners = new Set<Listener>();

/** Calls `listener` whenever something tells that rights may be others now. */
export function onRightsChanged(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Something was refused that was offered, or is sent that was refused before. */
export function rightsChanged(): void {
  for (const listener of listeners) listener();
}
