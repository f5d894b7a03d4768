/** What a key means to the page, before the terminal takes it for input. */
type KeyMeaning = 'input' | 'copy' | 'page';

type Key = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'shiftKey' | 'altKey' | 'metaKey'>;

function isPaste({ key, ctrlKey, shiftKey }: Key): boolean {
  return (ctrlKey && key.toLowerCase() === 'v') || (shiftKey && key === 'Insert');
}

/**
 * Ctrl-C copies where something is selected, and interrupts otherwise. What the browser pastes must not be taken for a letter; F6
 * leads out, so that nobody is caught who has no mouse.
 */
export function meaningOf(key: Key, isSelected: boolean): KeyMeaning {
  if (key.key === 'F6' || key.metaKey) return 'page';
  if (key.altKey) return 'input';
  if (isPaste(key)) return 'page';
  const isCopy = key.ctrlKey && key.key.toLowerCase() === 'c' && (key.shiftKey || isSelected);
  return isCopy ? 'copy' : 'input';
}
