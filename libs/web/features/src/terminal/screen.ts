import type { ScreenSize } from '@binnacle/web-data';
import { FitAddon } from '@xterm/addon-fit';
import { Terminal } from '@xterm/xterm';
import { meaningOf } from './screen-keys.js';
import { onThemeChange, screenTheme } from './screen-theme.js';

export interface ScreenEvents {
  typed(text: string): void;
  typedBytes(text: string): void;
  resized(size: ScreenSize): void;
}

interface ScreenWords {
  readonly label: string;
  /** Said where more came than could be shown. */
  skipped(bytes: number): string;
}

const FONT = '"JetBrains Mono Variable", ui-monospace, Menlo, Consolas, monospace';
const LETTER_PIXELS = 12;
const LINES_KEPT = 5_000;
/** What waits to be drawn; a program that says more at once than a screen can show is cut short, not the page. */
const MOST_WAITING = 2 * 1024 * 1024;

/** The font is measured once, so it must have come. */
async function fontIsThere(): Promise<void> {
  await document.fonts?.load(`${LETTER_PIXELS}px "JetBrains Mono Variable"`).catch(() => undefined);
}

/** A screen with its past and a keyboard, in an element of the page. */
export class Screen {
  private readonly terminal: Terminal;
  private readonly fit = new FitAddon();
  private readonly ends: (() => void)[] = [];
  private waiting = 0;
  private skipped = 0;

  static async on(host: HTMLElement, words: ScreenWords, events: ScreenEvents): Promise<Screen> {
    await fontIsThere();
    return new Screen(host, words, events);
  }

  private constructor(
    host: HTMLElement,
    private readonly words: ScreenWords,
    events: ScreenEvents,
  ) {
    this.terminal = new Terminal({
      fontFamily: FONT,
      fontSize: LETTER_PIXELS,
      scrollback: LINES_KEPT,
      screenReaderMode: true,
      minimumContrastRatio: 4.5,
      cursorBlink: false,
      theme: screenTheme(),
    });
    this.terminal.loadAddon(this.fit);
    this.terminal.open(host);
    this.terminal.textarea?.setAttribute('aria-label', words.label);
    this.terminal.onData((text) => events.typed(text));
    this.terminal.onBinary((text) => events.typedBytes(text));
    this.terminal.onResize(({ cols, rows }) => events.resized({ columns: cols, rows }));
    this.terminal.attachCustomKeyEventHandler((event) => this.isInput(event));
    this.follow(host);
  }

  get size(): ScreenSize {
    return { columns: this.terminal.cols, rows: this.terminal.rows };
  }

  write(data: Uint8Array): void {
    if (this.waiting > MOST_WAITING) {
      this.skipped += data.length;
      return;
    }
    this.waiting += data.length;
    this.terminal.write(data, () => this.drawn(data.length));
  }

  /** A line of the page's own, set off from what the program says. */
  note(text: string): void {
    this.terminal.write(`\r\n\u001b[2m${text}\u001b[0m\r\n`);
  }

  focus(): void {
    this.terminal.focus();
  }

  dispose(): void {
    for (const end of this.ends) end();
    this.terminal.dispose();
  }

  private follow(host: HTMLElement): void {
    // An element that is not shown has no size; the screen keeps the one it had.
    const observer = new ResizeObserver(() => host.clientHeight > 0 && this.fit.fit());
    observer.observe(host);
    this.ends.push(
      () => observer.disconnect(),
      onThemeChange(() => {
        this.terminal.options.theme = screenTheme();
      }),
    );
  }

  private drawn(bytes: number): void {
    this.waiting -= bytes;
    if (this.skipped === 0 || this.waiting > 0) return;
    this.note(this.words.skipped(this.skipped));
    this.skipped = 0;
  }

  private isInput(event: KeyboardEvent): boolean {
    const meaning = meaningOf(event, this.terminal.hasSelection());
    if (meaning === 'copy' && event.type === 'keydown') this.copy();
    return meaning === 'input';
  }

  /** Where the page may write the clipboard; elsewhere the browser's own copying takes what is selected. */
  private copy(): void {
    void navigator.clipboard?.writeText(this.terminal.getSelection()).catch(() => undefined);
    // After the browser's own: it asks for the selection, too.
    setTimeout(() => this.terminal.clearSelection());
  }
}
