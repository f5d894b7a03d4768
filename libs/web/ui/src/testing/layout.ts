/** How large the window is to be, in CSS pixels. */
interface WindowSize {
  readonly width: number;
  readonly height: number;
}

const DESKTOP: WindowSize = { width: 1_280, height: 720 };
/** What a list measures, and tells from other elements by its index, is as high as a line of text. */
const LINE_PIXELS = 20;
let size = DESKTOP;
const observers = new Set<SizedObserver>();
const tops = new WeakMap<Element, number>();

const rectOf = (width: number, height: number): DOMRect =>
  ({ x: 0, y: 0, left: 0, top: 0, width, height, right: width, bottom: height }) as DOMRect;

/** Tells what it observes how large that is, and tells it again when the window becomes another size. */
class SizedObserver implements ResizeObserver {
  private readonly elements = new Set<Element>();

  constructor(private readonly callback: ResizeObserverCallback) {}

  observe(element: Element): void {
    this.elements.add(element);
    observers.add(this);
    this.tell();
  }

  unobserve(element: Element): void {
    this.elements.delete(element);
  }

  disconnect(): void {
    this.elements.clear();
    observers.delete(this);
  }

  tell(): void {
    const contentRect = rectOf(size.width, size.height);
    const entries = [...this.elements].map((target) => ({ target, contentRect }) as unknown as ResizeObserverEntry);
    this.callback(entries, this);
  }
}

/** A scroller holds what its children say they hold: virtual lists give themselves a height. */
function heightWithin(element: HTMLElement): number {
  const heights = [...element.children].map((child) => Number.parseFloat((child as HTMLElement).style?.height) || 0);
  return Math.max(
    size.height,
    heights.reduce((sum, height) => sum + height, 0),
  );
}

/** Answers whether that moved anything. */
function moveTo(element: HTMLElement, top: number): boolean {
  const next = Math.max(0, Math.min(top, heightWithin(element) - size.height));
  if (next === (tops.get(element) ?? 0)) return false;
  tops.set(element, next);
  return true;
}

function scrollElement(this: HTMLElement, options?: ScrollToOptions | number, top = 0): void {
  const wanted = typeof options === 'object' ? (options.top ?? this.scrollTop) : top;
  if (moveTo(this, wanted)) this.dispatchEvent(new Event('scroll'));
}

interface Part {
  get(this: HTMLElement): number;
  set?(this: HTMLElement, value: number): void;
}

const PARTS: Readonly<Record<string, Part>> = {
  clientWidth: { get: () => size.width },
  offsetWidth: { get: () => size.width },
  scrollWidth: { get: () => size.width },
  clientHeight: { get: () => size.height },
  offsetHeight: {
    get() {
      return this.dataset.index === undefined ? size.height : LINE_PIXELS;
    },
  },
  scrollHeight: {
    get() {
      return heightWithin(this);
    },
  },
  scrollTop: {
    get() {
      return tops.get(this) ?? 0;
    },
    set(top) {
      if (moveTo(this, top)) queueMicrotask(() => this.dispatchEvent(new Event('scroll')));
    },
  },
};

/**
 * jsdom draws nothing, so nothing has a size and nothing scrolls. Gives every element that of a window, so that what is shown
 * for want of room, or only when it is in view, can be tested.
 */
export function layOut(window: Partial<WindowSize> = {}): void {
  size = { ...DESKTOP, ...window };
  for (const [name, part] of Object.entries(PARTS)) {
    Object.defineProperty(HTMLElement.prototype, name, { configurable: true, ...part });
  }
  Element.prototype.scrollTo = scrollElement as Element['scrollTo'];
  Element.prototype.scrollIntoView = () => undefined;
  // What is on the page can be seen; what is not has no place.
  Element.prototype.getClientRects = function (this: Element) {
    return (this.isConnected ? [rectOf(10, 10)] : []) as unknown as DOMRectList;
  };
  Range.prototype.getClientRects = () => [] as unknown as DOMRectList;
  Range.prototype.getBoundingClientRect = () => rectOf(0, 0);
  globalThis.ResizeObserver = SizedObserver;
}

/** The window becomes another size, and whoever watches it is told. */
export function resizeTo(window: Partial<WindowSize>): void {
  size = { ...size, ...window };
  for (const observer of observers) observer.tell();
}
