import type { ScreenEvents } from '../screen.js';

/** A screen without letters: jsdom draws none. */
export class FakeScreen {
  static readonly all: FakeScreen[] = [];
  readonly size = { columns: 80, rows: 24 };
  readonly element = document.createElement('textarea');
  text = '';

  static get last(): FakeScreen {
    const found = FakeScreen.all.at(-1);
    if (!found) throw new Error('there is no screen');
    return found;
  }

  static on(host: HTMLElement, { label }: { readonly label: string }, events: ScreenEvents): Promise<FakeScreen> {
    return Promise.resolve(new FakeScreen(host, label, events));
  }

  private constructor(
    host: HTMLElement,
    label: string,
    readonly events: ScreenEvents,
  ) {
    this.element.setAttribute('aria-label', label);
    host.append(this.element);
    FakeScreen.all.push(this);
  }

  write(data: Uint8Array): void {
    this.text += new TextDecoder().decode(data);
  }

  note(text: string): void {
    this.text += `[${text}]`;
  }

  focus(): void {
    this.element.focus();
  }

  dispose(): void {
    this.element.remove();
  }
}
