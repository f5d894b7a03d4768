import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { findChromium, startBrowser, WatchedPage } from './browser.js';
import { type Cluster, type ClusterOptions, startCluster } from './cluster.js';
import { findKubectl, Kubectl } from './kubectl.js';

const kubectlPath = findKubectl();
const chromiumPath = findChromium();

/** Whether this machine has what a test of the dashboard takes. */
export const canBrowse = Boolean(kubectlPath && chromiumPath);
if (!chromiumPath) process.stdout.write('No Chromium on this machine: the dashboard is not tested in a browser.\n');

export interface StandOptions extends ClusterOptions {
  /** Brings about what the tests look at, before a browser is there. */
  readonly prepare?: (kubectl: Kubectl, cluster: Cluster) => void | Promise<void>;
  /** Of the first browser. */
  readonly context?: BrowserContextOptions;
  /** False where signing in is what is tested. */
  readonly signedIn?: boolean;
}

/** A cluster, and a page of its dashboard in a browser. */
export interface DashboardStand {
  readonly cluster: Cluster;
  readonly kubectl: Kubectl;
  readonly browser: Browser;
  readonly context: BrowserContext;
  readonly watched: WatchedPage;
  readonly page: Page;
  /** Goes to a path of the dashboard. */
  at(path: string): Promise<unknown>;
  /** Another browser, in which nobody is signed in. */
  open(options?: BrowserContextOptions): Promise<WatchedPage>;
  dispose(): Promise<void>;
}

const LOOKS = { viewport: { width: 1440, height: 900 }, locale: 'en-GB' } as const;
/** On a machine that others keep busy, a page takes its time. */
const PATIENCE_MILLISECONDS = 60_000;

/** Starts a cluster and a browser, and signs the first user in. What was begun is ended where that fails. */
export async function openDashboard(options: StandOptions): Promise<DashboardStand> {
  const { prepare, signedIn = true, context: looks, ...rest } = options;
  const cluster = await startCluster(rest);
  const kubectl = new Kubectl(kubectlPath ?? '', cluster.kubeconfig);
  let browser: Browser | undefined;
  const dispose = async () => {
    await browser?.close();
    kubectl.dispose();
    await cluster.dispose();
  };
  try {
    await prepare?.(kubectl, cluster);
    browser = await startBrowser(chromiumPath ?? '');
    const context = await browser.newContext({ ...LOOKS, ...looks });
    const watched = await WatchedPage.open(context, cluster.webUrl);
    const { page } = watched;
    page.setDefaultTimeout(PATIENCE_MILLISECONDS);
    if (signedIn) {
      await page.waitForURL('**/sign-in**');
      await watched.signIn(cluster.user, cluster.password);
      await page.waitForURL('**/c/main');
    }
    const open = async (more: BrowserContextOptions = {}) => {
      const other = await (browser as Browser).newContext({ ...LOOKS, ...more });
      const opened = await WatchedPage.open(other, cluster.webUrl);
      opened.page.setDefaultTimeout(PATIENCE_MILLISECONDS);
      return opened;
    };
    const at = (path: string) => page.goto(`${cluster.webUrl}${path}`);
    return { cluster, kubectl, browser, context, watched, page, at, open, dispose };
  } catch (error) {
    await dispose();
    throw error;
  }
}
