import { renderToStaticMarkup } from 'react-dom/server';
import type { ReactElement } from 'react';
import { describe, expect, test } from 'vitest';
import { Button, IconButton } from './button.js';
import { cx } from './class-names.js';
import { CopyButton } from './copy-button.js';
import { CopyLine } from './copy-line.js';
import { SelectField, TextField } from './field.js';
import { Kbd } from './kbd.js';
import { Meter, ToneBar } from './meter.js';
import { Status, StatusGlyph, Tag, TONES } from './status.js';
import { Empty, NoticeBar, Panel, SkeletonRows } from './surface.js';
import { type Column, compareValues } from './table/columns.js';
import { DataTable } from './table/data-table.js';
import { TooltipProvider } from './tooltip.js';

const html = (node: ReactElement) => renderToStaticMarkup(<TooltipProvider>{node}</TooltipProvider>);
const text = (node: ReactElement) =>
  html(node)
    .replaceAll(/<[^>]+>/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();

describe('a button', () => {
  test('that cannot be pressed stays reachable, and says so', () => {
    const off = html(<Button disabledReason="You may not">Delete</Button>);
    expect(off).toContain('aria-disabled="true"');
    expect(off).not.toMatch(/\sdisabled(=|\s|>)/);
  });

  test('that is busy says so, and is no submit button unless it is told', () => {
    expect(html(<Button busy>Save</Button>)).toMatch(/aria-busy="true"/);
    expect(html(<Button>Save</Button>)).toContain('type="button"');
    expect(html(<Button type="submit">Save</Button>)).toContain('type="submit"');
  });

  test('of a sign alone has a name', () => {
    expect(html(<IconButton label="Close">×</IconButton>)).toContain('aria-label="Close"');
    expect(html(<CopyButton text="secret" label="Copy the name" />)).toContain('aria-label="Copy the name"');
  });
});

describe('a field', () => {
  test('belongs to its label, and to the note below it', () => {
    const plain = html(<TextField id="name" label="Name" hint="as it stands on the door" />);
    expect(plain).toContain('<label for="name"');
    expect(plain).toContain('aria-describedby="name-note"');
    expect(plain).toContain('id="name-note"');
    expect(html(<TextField id="name" label="Name" />)).not.toContain('aria-describedby');
  });

  test('of one of several has its label around it, and what is chosen in it', () => {
    const options = [['', 'anywhere'] as const, ['shop', 'in shop'] as const];
    const field = <SelectField label="Where" value="shop" options={options} onChange={() => undefined} />;
    expect(text(field)).toBe('Where anywhere in shop');
    expect(html(field)).toMatch(/<label[^>]*>Where<select.*<option value="shop" selected="">/);
  });

  test('that is wrong says why instead of its hint', () => {
    const wrong = <TextField id="name" label="Name" hint="as it stands on the door" error="there is none" />;
    expect(html(wrong)).toContain('aria-invalid="true"');
    expect(text(wrong)).toBe('Name there is none');
  });
});

describe('a text to be taken elsewhere', () => {
  test('stands beside what takes it', () => {
    const line = <CopyLine text="kubectl get pods" copyLabel="Copy the command" />;
    expect(text(line)).toBe('kubectl get pods');
    expect(html(line)).toContain('aria-label="Copy the command"');
    expect(html(line)).not.toContain('data-secret');
  });

  test('is marked where it is a secret, and may be shown otherwise', () => {
    expect(html(<CopyLine text="x" copyLabel="Copy" secret />)).toContain('data-secret');
    expect(
      text(
        <CopyLine text="a b" copyLabel="Copy">
          a, then b
        </CopyLine>,
      ),
    ).toBe('a, then b');
  });
});

describe('a meter', () => {
  const now = (share: number) => /aria-valuenow="(\d+)"/.exec(html(<Meter share={share} label="CPU" text="x" />))?.[1];
  const width = (share: number) => /width:(\d+)%/.exec(html(<Meter share={share} label="CPU" text="x" />))?.[1];

  test('stays within its bounds, whatever it is told', () => {
    expect([-1, 0, 0.5, 1, 7].map(now)).toEqual(['0', '0', '50', '100', '100']);
  });

  test('shows little as more than nothing', () => {
    expect([0, 0.001].map(width)).toEqual(['0', '2']);
  });

  test('warns by its colour before it is full', () => {
    const fill = (share: number) =>
      /bg-(accent|warn|error)/.exec(html(<Meter share={share} label="CPU" text="x" />))?.[1];
    expect([0.75, 0.76, 0.9, 0.91].map(fill)).toEqual(['accent', 'warn', 'warn', 'error']);
  });

  test('of tones has a part for each there is, the worst first, and is not read aloud', () => {
    const bar = html(<ToneBar counts={{ ok: 3, error: 1, idle: 0 }} />);
    expect(bar).toContain('aria-hidden="true"');
    expect([...bar.matchAll(/flex-grow:(\d+)/g)].map(([, grow]) => grow)).toEqual(['1', '3']);
  });
});

describe('how a thing stands', () => {
  test('is told by a shape of its own for each tone, not by colour alone', () => {
    const shapes = TONES.map((tone) => html(<StatusGlyph tone={tone} />).replaceAll(/class="[^"]*"/g, ''));
    expect(new Set(shapes).size).toBe(TONES.length);
  });

  test('keeps the last of several words whole: it says what is wrong', () => {
    // Read as one word, and shown in two of which the first gives way.
    expect(text(<Status tone="error">Terminating,NodeLost</Status>)).toBe('Terminating,NodeLost Terminating ,NodeLost');
    expect(text(<Status tone="ok">Running</Status>)).toBe('Running');
    expect(
      html(
        <Status tone="warn" title="why">
          x
        </Status>,
      ),
    ).toContain('title="why"');
  });

  test('as a tag has the ground of its tone', () => {
    expect(
      [undefined, 'ok', 'warn', 'error'].map((tone) => /bg-[\w-]+/.exec(html(<Tag tone={tone as never}>x</Tag>))?.[0]),
    ).toEqual(['bg-sunken', 'bg-ok-soft', 'bg-warn-soft', 'bg-error-soft']);
  });
});

describe('what stands on a page', () => {
  test('a panel has a heading where it has a title', () => {
    expect(
      html(
        <Panel title="Pods" count={0}>
          x
        </Panel>,
      ),
    ).toMatch(/<h2[^>]*>Pods<\/h2>.*>0</s);
    expect(html(<Panel>x</Panel>)).not.toContain('<h2');
  });

  test('nothing is told as the page’s own title where it is all there is', () => {
    expect(html(<Empty page title="Not here" />)).toContain('<h1');
    expect(html(<Empty title="None" />)).toContain('<p');
  });

  test('what is loaded is told once, to those who hear it', () => {
    const rows = html(<SkeletonRows rows={3} label="Loading" />);
    expect(rows).toContain('role="status" aria-label="Loading"');
    expect(rows.match(/h-9/g)).toHaveLength(3);
  });

  test('a notice speaks up only where it is told to', () => {
    expect(
      html(
        <NoticeBar tone="error" role="alert">
          x
        </NoticeBar>,
      ),
    ).toContain('role="alert"');
    expect(html(<NoticeBar tone="info">x</NoticeBar>)).not.toContain('role=');
  });

  test('two strokes are two keys', () => {
    expect(html(<Kbd keys="g p" />).match(/<kbd/g)).toHaveLength(2);
  });
});

describe('a table', () => {
  const columns: Column<{ id: string }>[] = [
    { id: 'name', title: 'Name', track: '1fr', sortable: true, cell: ({ id }) => id },
    { id: 'age', title: 'Age', track: '5rem', align: 'end', cell: () => 'x' },
  ];
  const labels = { table: 'Pods' } as never;
  const table = (sort?: { column: string; descending: boolean }) =>
    html(
      <DataTable
        rows={[{ id: 'a' }, { id: 'b' }]}
        columns={columns}
        keyOf={({ id }) => id}
        labels={labels}
        sort={sort}
        onSort={() => undefined}
      />,
    );

  test('says how many rows it has, heading included', () => {
    expect(table()).toContain('aria-rowcount="3"');
  });

  test('says by which column it is ordered, and which way', () => {
    expect(table({ column: 'name', descending: true })).toContain('aria-sort="descending"');
    expect(table({ column: 'name', descending: false })).toContain('aria-sort="ascending"');
    expect(table()).not.toContain('aria-sort');
  });

  test('numbers in names count as numbers', () => {
    expect(['w-10', 'w-2', 'W-1'].sort(compareValues)).toEqual(['W-1', 'w-2', 'w-10']);
    expect([10, 9].sort(compareValues)).toEqual([9, 10]);
    expect(compareValues(2, '10')).toBeLessThan(0);
  });
});

test('names of classes leave out what is not there', () => {
  expect(cx('a', false, undefined, null, '', 'b')).toBe('a b');
});
