import type { UnstructuredObject } from '@binnacle/web-data';

/** What somebody is writing: the text, and the object it was begun from. */
export interface Draft {
  readonly base: UnstructuredObject;
  readonly text: string;
}

type DraftStorage = Pick<Storage, 'length' | 'key' | 'getItem' | 'setItem' | 'removeItem'>;

const PREFIX = 'binnacle.draft.';

/**
 * Drafts outlive the page they are written on: a look at another page, a reload, an expired session. They are this browser
 * tab's alone, and those of Secrets are kept in memory only.
 */
export class Drafts {
  /** The page is being left only to come back to. */
  returning = false;
  private readonly memory = new Map<string, Draft>();

  constructor(private readonly storage: DraftStorage | undefined) {}

  read(key: string): Draft | undefined {
    return this.memory.get(key) ?? this.recall(key);
  }

  write(key: string, draft: Draft | undefined): void {
    if (!draft) {
      this.memory.delete(key);
      this.storage?.removeItem(PREFIX + key);
      return;
    }
    this.memory.set(key, draft);
    if (draft.base.kind !== 'Secret') this.keep(key, draft);
  }

  /** Runs what leaves the page only to come back to it: the browser need not ask. */
  leave(load: () => void): void {
    this.returning = true;
    load();
  }

  /** As on a page on which nothing was ever written. */
  forgetAll(): void {
    this.returning = false;
    this.memory.clear();
    const { storage } = this;
    if (!storage) return;
    const keys = Array.from({ length: storage.length }, (_, index) => storage.key(index) ?? '');
    for (const key of keys) if (key.startsWith(PREFIX)) storage.removeItem(key);
  }

  private keep(key: string, draft: Draft): void {
    try {
      this.storage?.setItem(PREFIX + key, JSON.stringify(draft));
    } catch {
      // No room or not allowed: the draft lives as long as the page does.
    }
  }

  private recall(key: string): Draft | undefined {
    const text = this.storage?.getItem(PREFIX + key);
    if (!text) return undefined;
    try {
      return JSON.parse(text) as Draft;
    } catch {
      // Written by something else.
      return undefined;
    }
  }
}

/** One draft an object: another made anew under the same name has none yet. */
export function draftKey(cluster: string, { kind, metadata }: UnstructuredObject): string {
  return `${cluster}/${metadata.uid ?? `${kind}/${metadata.namespace ?? ''}/${metadata.name ?? ''}`}`;
}

function tabStorage(): Storage | undefined {
  try {
    return typeof window === 'undefined' ? undefined : window.sessionStorage;
  } catch {
    // The reader's browser keeps nothing.
    return undefined;
  }
}

export const drafts = new Drafts(tabStorage());
