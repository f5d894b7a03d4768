/** What a mouse event says of the keys that were held. */
type Click = Pick<MouseEvent, 'button' | 'ctrlKey' | 'metaKey' | 'shiftKey' | 'altKey'>;

/** True for a click that asks the browser for another tab, another window or a download. */
export function isModifiedClick({ button, ctrlKey, metaKey, shiftKey, altKey }: Click): boolean {
  return button === 1 || ctrlKey || metaKey || shiftKey || altKey;
}
