import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, join } from 'node:path';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];

/** A Chromium of this machine, or undefined. */
export function findChromium(): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter);
  return NAMES.flatMap((name) => folders.map((folder) => join(folder, name))).find((path) => existsSync(path));
}

/** The sandbox needs rights that containers and root rarely have; the pages are our own. */
export function startBrowser(executablePath: string): Promise<Browser> {
  return chromium.launch({ executablePath, args: ['--no-sandbox'] });
}

/** A page that fails the test for what it throws or its policy forbids, and knows whether it was loaded again. */
export class WatchedPage {
  readonly errors: string[] = [];

  private constructor(readonly page: Page) {
    page.on('pageerror', (error) => this.errors.push(String(error.stack ?? error)));
    page.on('console', (message) => {
      if (/Content.Security.Policy/i.test(message.text())) this.errors.push(message.text());
    });
  }

  static async open(context: BrowserContext, url: string): Promise<WatchedPage> {
    const watched = new WatchedPage(await context.newPage());
    await watched.page.goto(url);
    return watched;
  }

  /** Fills in the form that is shown and sends it; what comes of it is for the test to see. */
  async signIn(user: string, password: string): Promise<void> {
    await this.page.getByLabel('User').fill(user);
    await this.page.getByLabel('Password', { exact: true }).fill(password);
    await this.page.getByRole('button', { name: 'Sign in', exact: true }).click();
  }

  /** From now on `wasReloaded` tells whether the page has been loaded anew. */
  async mark(): Promise<void> {
    await this.page.evaluate(() => Object.assign(globalThis, { binnacleMark: true }));
  }

  async wasReloaded(): Promise<boolean> {
    return this.page.evaluate(() => !('binnacleMark' in globalThis));
  }

  /** What axe has to say about the page, one line a finding. */
  async accessibilityFindings(): Promise<string[]> {
    await this.settle();
    const path = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
    // As a debugger would: the pages run no script that is not their own.
    await this.page.evaluate(readFileSync(path, 'utf8'));
    return this.page.evaluate(async () => {
      interface Finding {
        readonly id: string;
        readonly nodes: ReadonlyArray<{ readonly target: readonly string[] }>;
      }
      const { axe } = globalThis as unknown as { axe: { run(root: unknown): Promise<{ violations: Finding[] }> } };
      const { violations } = await axe.run((globalThis as unknown as { document: unknown }).document);
      return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`);
    });
  }
  /** Waits for what changes its looks for a moment: halfway a colour is neither of those that were chosen. */
  private async settle(): Promise<void> {
    await this.page.evaluate(async () => {
      interface Moving {
        readonly effect: { getComputedTiming(): { readonly iterations?: number } } | null;
        readonly finished: Promise<unknown>;
      }
      interface Window {
        readonly document: { getAnimations(): Moving[] };
        requestAnimationFrame(then: () => void): void;
      }
      const window = globalThis as unknown as Window;
      const isPassing = ({ effect }: Moving) => effect?.getComputedTiming().iterations !== Infinity;
      // A change that was just asked for begins to show some frames later.
      for (let quiet = 0; quiet < 5; quiet += 1) {
        await new Promise<void>((resolve) => window.requestAnimationFrame(resolve));
        const passing = window.document.getAnimations().filter(isPassing);
        if (passing.length > 0) quiet = 0;
        await Promise.allSettled(passing.map(({ finished }) => finished));
      }
    });
  }
}
