import { EVENT_ID, type Event, getScalarValue, parseEvents, SCALAR_STYLE, YAMLException } from 'js-yaml';
import { YamlSyntaxError } from './errors.js';
import { Lines } from './lines.js';

interface Placed {
  /** Where it begins in the text, its tag and anchor included. */
  readonly start: number;
}

export interface ScalarNode extends Placed {
  readonly kind: 'scalar';
  readonly text: string;
  /** In full; empty without one. */
  readonly tag: string;
  /** Without quotes, so that the text says what it is. */
  readonly plain: boolean;
}

export interface ListNode extends Placed {
  readonly kind: 'list';
  readonly items: YamlNode[];
}

export interface MapNode extends Placed {
  readonly kind: 'map';
  readonly members: [key: YamlNode, value: YamlNode][];
}

export interface AliasNode extends Placed {
  readonly kind: 'alias';
  readonly name: string;
  readonly target: YamlNode;
}

export type YamlNode = ScalarNode | ListNode | MapNode | AliasNode;

/** Deeper nesting is refused, so that no recursion over what is read runs out of stack. */
export const MAX_YAML_DEPTH = 1_000;

type Properties = Extract<Event, { tagStart: number }>;
type Frame = { readonly node: ListNode | MapNode; key?: YamlNode };

/** Makes a tree of the reader's events; the first document is all that counts, as in Go's Unmarshal. */
class Composer {
  private root: YamlNode | undefined;
  private readonly frames: Frame[] = [];
  private readonly anchors = new Map<string, YamlNode>();
  private readonly handles = new Map([['!!', 'tag:yaml.org,2002:']]);
  /** Where the last thing with a place began: what is empty has none of its own. */
  private place = 0;

  constructor(private readonly text: string) {}

  run(events: readonly Event[]): YamlNode | undefined {
    let open = 0;
    for (const event of events) {
      open += event.type === EVENT_ID.POP ? -1 : Number('start' in event || event.type === EVENT_ID.DOCUMENT);
      this.take(event);
      if (open === 0) break;
    }
    return this.root;
  }

  private take(event: Event): void {
    switch (event.type) {
      case EVENT_ID.DOCUMENT:
        for (const directive of event.directives) {
          if (directive.kind === 'tag') this.handles.set(directive.handle, directive.prefix);
        }
        break;
      case EVENT_ID.SEQUENCE:
        this.open(event, { kind: 'list', start: this.startOf(event, event.start), items: [] });
        break;
      case EVENT_ID.MAPPING:
        this.open(event, { kind: 'map', start: this.startOf(event, event.start), members: [] });
        break;
      case EVENT_ID.SCALAR:
        this.add(this.anchored(event, this.scalar(event)));
        break;
      case EVENT_ID.ALIAS:
        this.add(this.alias(this.text.slice(event.anchorStart, event.anchorEnd), event.anchorStart));
        break;
      case EVENT_ID.POP:
        this.frames.pop();
        break;
    }
  }

  private startOf({ tagStart, anchorStart }: Properties, start: number): number {
    const starts = [tagStart, anchorStart, start].filter((place) => place >= 0);
    this.place = starts.length > 0 ? Math.min(...starts) : this.place;
    return this.place;
  }

  private scalar(event: Extract<Event, { valueStart: number }>): ScalarNode {
    return {
      kind: 'scalar',
      start: this.startOf(event, event.valueStart),
      text: event.valueStart < 0 ? '' : getScalarValue(this.text, event),
      tag: this.tag(event),
      plain: event.style === SCALAR_STYLE.PLAIN,
    };
  }

  private tag({ tagStart, tagEnd }: Properties): string {
    if (tagStart < 0) return '';
    const raw = this.text.slice(tagStart, tagEnd);
    if (raw.startsWith('!<')) return raw.slice(2, -1);
    const handle = /^!(?:[0-9A-Za-z-]*!)?/.exec(raw)?.[0] ?? '';
    return (this.handles.get(handle) ?? handle) + raw.slice(handle.length);
  }

  private alias(name: string, start: number): AliasNode {
    const target = this.anchors.get(name);
    if (!target) throw new YamlSyntaxError(`yaml: unknown anchor '${name}' referenced`, new Lines(this.text).at(start));
    this.place = start;
    return { kind: 'alias', start, name, target };
  }

  private anchored<T extends YamlNode>({ anchorStart, anchorEnd }: Properties, node: T): T {
    if (anchorStart >= 0) this.anchors.set(this.text.slice(anchorStart, anchorEnd), node);
    return node;
  }

  private open(event: Properties, node: ListNode | MapNode): void {
    this.add(this.anchored(event, node));
    this.frames.push({ node });
  }

  private add(node: YamlNode): void {
    const frame = this.frames.at(-1);
    if (!frame) this.root ??= node;
    else if (frame.node.kind === 'list') frame.node.items.push(node);
    else if (frame.key) {
      frame.node.members.push([frame.key, node]);
      frame.key = undefined;
    } else frame.key = node;
  }
}

/**
 * The first document's tree; undefined where there is none.
 * @throws YamlSyntaxError for what is no YAML.
 */
export function composeYaml(text: string): YamlNode | undefined {
  try {
    return new Composer(text).run(parseEvents(text, { maxDepth: MAX_YAML_DEPTH }));
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    const line = (error.mark?.line ?? 0) + 1;
    throw new YamlSyntaxError(`yaml: line ${line}: ${error.reason}`, line);
  }
}
