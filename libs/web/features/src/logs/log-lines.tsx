'use client';

import { useVirtualizer } from '@tanstack/react-virtual';
import { ArrowDownToLine } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useEffect, useRef } from 'react';
import type { BufferedLine } from './log-buffer.js';
import { Line, type LineLook, RestartMark } from './log-line.js';
import { useStickyEnd } from './use-sticky-end.js';

const LINE_HEIGHT = 20;

interface LogLinesProps extends LineLook {
  readonly label: string;
  readonly lines: readonly BufferedLine[];
  /** How many earlier lines have been let go. */
  readonly dropped: number;
  /** Index of the line to show, -1 for none. */
  readonly current: number;
}

/** The lines in view. Stays at the end while the reader is there, and where the reader is otherwise. */
export function LogLines(props: LogLinesProps) {
  const { lines, current } = props;
  const t = useTranslations('logs');
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => LINE_HEIGHT,
    // A line keeps its measured height when earlier ones are let go.
    getItemKey: (index) => props.dropped + index,
    overscan: 30,
  });
  const { atEnd, toEnd, leaveEnd, onScroll } = useStickyEnd(scroller);
  useEffect(() => {
    if (current < 0) return;
    leaveEnd();
    virtual.scrollToIndex(current, { align: 'center' });
  }, [current, virtual]);
  return (
    <div className="relative min-h-0 flex-1">
      <div
        ref={scroller}
        role="log"
        aria-label={props.label}
        aria-live="off"
        tabIndex={0}
        className="absolute inset-0 overflow-auto bg-sunken py-2 font-mono text-xs leading-5 outline-offset-[-2px]"
        onScroll={onScroll}
      >
        <div
          className="relative w-max min-w-full"
          style={{ height: virtual.getTotalSize(), ...(props.wrap && { width: '100%' }) }}
        >
          {virtual.getVirtualItems().map(({ index, start, key }) => {
            const line = lines[index];
            return (
              line && (
                <div
                  key={key}
                  ref={virtual.measureElement}
                  data-index={index}
                  className="absolute inset-x-0 min-h-5"
                  style={{ transform: `translateY(${start}px)` }}
                >
                  {line.restart ? (
                    <RestartMark source={line.source} />
                  ) : (
                    <Line line={line} look={props} isCurrent={index === current} />
                  )}
                </div>
              )
            );
          })}
        </div>
      </div>
      {!atEnd && (
        <button
          type="button"
          onClick={toEnd}
          className="enter absolute right-5 bottom-4 flex items-center gap-1.5 rounded-full bg-raised px-3 py-1.5 text-xs font-medium shadow-pop hover:bg-hover"
        >
          <ArrowDownToLine className="size-3.5" aria-hidden="true" />
          {t('toEnd')}
        </button>
      )}
    </div>
  );
}
