'use client';

import { cx } from '@binnacle/web-ui';
import { useTranslations } from 'next-intl';
import { type KeyboardEvent, memo, type PointerEvent, type RefObject, useId, useRef, useState } from 'react';
import type { Translate } from '../messages/index.js';
import { useNavigation } from '../objects/navigate.js';
import { usePages } from '../objects/use-pages.js';
import { cellClass } from './cell-class.js';
import { columnsOf, stepFor } from './map-steps.js';
import { MapLegend } from './map-legend.js';
import { markText } from './mark-text.js';
import { isSaidBy, type NodeMark, type ReasonKey } from './node-marks.js';

/** Nodes beyond which cells are small. */
const MANY = 400;

interface CellsProps {
  readonly marks: readonly NodeMark[];
  /** Only these are shown in full. */
  readonly lit: ReasonKey | undefined;
}

/** Thousands of cells, drawn once: what is pointed at is marked by another element. */
const Cells = memo(function Cells({ marks, lit }: CellsProps) {
  const size = marks.length > MANY ? 'size-2' : 'size-3.5';
  return marks.map((mark, at) => (
    <span
      key={mark.name}
      data-at={at}
      className={cx('block', size, cellClass(mark), lit && !isSaidBy(mark, lit) && 'opacity-20')}
    />
  ));
});

/** Stands around the cell that is pointed at. */
function Marker({ cell }: { cell: HTMLElement | undefined }) {
  if (!cell) return null;
  const { offsetLeft: left, offsetTop: top, offsetWidth: width, offsetHeight: height } = cell;
  const place = { left: left - 2, top: top - 2, width: width + 4, height: height + 4 };
  return <span style={place} className="pointer-events-none absolute rounded-sm border-2 border-ink" />;
}

interface Pointing {
  readonly at: number;
  readonly cell: HTMLElement | undefined;
}

const NOWHERE: Pointing = { at: -1, cell: undefined };

/** Which node is pointed at, by the pointer or by keys. */
function usePointing(grid: RefObject<HTMLDivElement | null>, count: number) {
  const [pointing, setPointing] = useState(NOWHERE);
  const cells = () => [...(grid.current?.querySelectorAll<HTMLElement>('[data-at]') ?? [])];
  const pointTo = (at: number) => {
    const cell = cells()[at];
    if (cell) setPointing({ at, cell });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const next = stepFor(event.key, pointing.at, { count, columns: () => columnsOf(cells()) });
    if (next === undefined) return;
    event.preventDefault();
    pointTo(next);
  };
  const onPointerMove = ({ target }: PointerEvent) => {
    const at = Number((target as HTMLElement).dataset.at ?? Number.NaN);
    if (Number.isInteger(at) && at !== pointing.at) pointTo(at);
  };
  return { pointing, onKeyDown, onPointerMove, leave: () => setPointing(NOWHERE) };
}

interface HeatMapProps extends CellsProps {
  readonly label: string;
}

/** Every node as a cell: how good it was, or that it refused. Keys go from node to node; what each said is told below. */
export function HeatMap({ marks, lit, label }: HeatMapProps) {
  const t = useTranslations() as unknown as Translate;
  const grid = useRef<HTMLDivElement>(null);
  const navigation = useNavigation();
  const pages = usePages();
  const { pointing, onKeyDown, onPointerMove, leave } = usePointing(grid, marks.length);
  const [told, help] = [useId(), useId()];
  const mark = marks[pointing.at];
  const open = () => {
    const href = mark && pages.kindOf('v1', 'Node', { namespace: '', name: mark.name });
    if (href) navigation.push(href);
  };
  return (
    <div>
      <div
        ref={grid}
        tabIndex={0}
        role="group"
        aria-label={label}
        aria-describedby={`${told} ${help}`}
        className="relative flex max-h-72 flex-wrap content-start gap-[3px] overflow-y-auto rounded-md p-1"
        onKeyDown={(event) => (event.key === 'Enter' ? open() : onKeyDown(event))}
        onPointerMove={onPointerMove}
        onPointerLeave={leave}
        onBlur={leave}
        onClick={open}
      >
        <Cells marks={marks} lit={lit} />
        <Marker cell={pointing.cell} />
      </div>
      <p id={told} role="status" className="mt-2 min-h-5 text-sm break-words text-ink">
        {mark ? markText(mark, t) : ''}
      </p>
      <p id={help} className="sr-only">
        {t('decisions.mapHelp')}
      </p>
      <MapLegend marks={marks} />
    </div>
  );
}
