import type { ServerResponse } from 'node:http';
import { createContext, runInContext } from 'node:vm';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { sendOffline } from './offline.js';

function sent(path: string): { headers: Record<string, string>; text: string } | undefined {
  let answer: { headers: Record<string, string>; text: string } | undefined;
  const response = {
    writeHead: (_: number, headers: Record<string, string>) => ({
      end: (text: string) => void (answer = { headers, text }),
    }),
  };
  return sendOffline(path, response as unknown as ServerResponse) ? answer : undefined;
}

test.each(['/', '/offline/', '/offline.js', '/constructor', '/__proto__', '/c/main'])('%s is none of this', (path) => {
  expect(sent(path)).toBeUndefined();
});

describe('the worker', () => {
  const kept = new Map<string, string>();
  const listeners = new Map<string, (event: object) => void>();
  let fetched: (request: { url: string }) => Promise<string>;
  const skipWaiting = vi.fn(async () => undefined);
  const claim = vi.fn(async () => undefined);

  beforeEach(() => {
    kept.clear();
    listeners.clear();
    fetched = async ({ url }) => `answer of ${url}`;
    const cache = { add: async (path: string) => void kept.set(path, sent(path)?.text ?? '') };
    const scope = {
      addEventListener: (name: string, listener: (event: object) => void) => listeners.set(name, listener),
      caches: { open: async () => cache, match: async (path: string) => kept.get(path) },
      clients: { claim },
      fetch: (request: { url: string }) => fetched(request),
      skipWaiting,
    };
    runInContext(sent('/offline-worker.js')?.text ?? '', createContext(scope));
  });
  /** Lets something happen, and waits for what the worker asks to wait for. */
  async function happens(name: string, fields: object = {}): Promise<unknown> {
    let answer: Promise<unknown> | undefined;
    const take = (promise: Promise<unknown>) => void (answer = promise);
    listeners.get(name)?.({ ...fields, waitUntil: take, respondWith: take });
    return answer;
  }

  test('keeps the page at hand, and is there for the pages that are open', async () => {
    await happens('install');
    await happens('activate');
    expect(kept.get('/offline')).toContain('The dashboard cannot be reached');
    expect(skipWaiting).toHaveBeenCalled();
    expect(claim).toHaveBeenCalled();
  });

  test('shows it in place of a page that nobody answers, and never in place of one somebody does', async () => {
    await happens('install');
    const request = { url: '/c/main', mode: 'navigate' };
    expect(await happens('fetch', { request })).toBe('answer of /c/main');
    fetched = () => Promise.reject(new TypeError('failed to fetch'));
    expect(await happens('fetch', { request })).toContain('The dashboard cannot be reached');
  });

  test('leaves all other requests to the browser', async () => {
    fetched = vi.fn();
    expect(await happens('fetch', { request: { url: '/api/v1/pods', mode: 'cors' } })).toBeUndefined();
    expect(fetched).not.toHaveBeenCalled();
  });
});

describe('the page', () => {
  const script = /<script>([^]*?)<\/script>/.exec(sent('/offline')?.text ?? '')?.[1] ?? '';
  const texts: Record<string, { textContent: string }> = { h1: { textContent: '' }, p: { textContent: '' } };
  const run = (language: string, answer: () => Promise<{ ok: boolean }>) => {
    let tick: () => Promise<void> = async () => undefined;
    const reload = vi.fn();
    const asked = vi.fn(answer);
    const root = { lang: 'en' };
    runInContext(
      script,
      createContext({
        navigator: { language },
        document: { documentElement: root, querySelector: (name: string) => texts[name] },
        setInterval: (callback: () => Promise<void>) => void (tick = callback),
        fetch: asked,
        location: { reload },
      }),
    );
    return { tick: () => tick(), reload, asked, root };
  };

  test('goes on by itself as soon as the door answers, and not before', async () => {
    let answers = false;
    const page = run('en-GB', () => (answers ? Promise.resolve({ ok: true }) : Promise.reject(new TypeError('no'))));
    await page.tick();
    expect(page.reload).not.toHaveBeenCalled();
    answers = true;
    await page.tick();
    expect(page.reload).toHaveBeenCalledTimes(1);
    expect(page.asked).toHaveBeenCalledWith('/healthz/web', { cache: 'no-store' });
  });

  test('does not go on where the door says that it is not well', async () => {
    const page = run('en', () => Promise.resolve({ ok: false }));
    await page.tick();
    expect(page.reload).not.toHaveBeenCalled();
  });

  test.each([
    ['zh-CN', 'zh-CN', /[\u4e00-\u9fff]/],
    ['zh-TW', 'zh-CN', /[\u4e00-\u9fff]/],
    ['en-GB', 'en', /^$/],
  ])('speaks the language of the browser: %s', (language, lang, words) => {
    for (const text of Object.values(texts)) text.textContent = '';
    const { root } = run(language, () => Promise.resolve({ ok: false }));
    expect(root.lang).toBe(lang);
    expect(texts.h1?.textContent).toMatch(words);
    expect(texts.p?.textContent).toMatch(words);
  });
});
