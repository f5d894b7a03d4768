import { describe, expect, it } from 'vitest';
import { rehearseCreate, rehearseUpdate } from '@binnacle/apis-registry';
import type { PodSpec } from '../../../core/v1/index.js';
import type { Job, JobSpec } from '../index.js';
import { jobs } from './definition.js';

const podSpec: PodSpec = { containers: [{ name: 'c', image: 'busybox' }], restartPolicy: 'Never' };
const draft = (overrides: object = {}, metadata: object = {}): Job => ({
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: { name: 'pi', namespace: 'ns', uid: 'u-1', ...metadata },
  spec: { template: { spec: podSpec }, ...overrides },
});
const indexed = (overrides: object = {}): object => ({ completionMode: 'Indexed', completions: 10, ...overrides });
const withPods = (spec: Partial<PodSpec>, labels?: object): object => ({
  template: { ...(labels && { metadata: { labels } }), spec: { ...podSpec, ...spec } },
});
const texts = (errors: readonly { field: string; message: string }[]): string[] =>
  errors.map(({ field, message }) => `${field}: ${message}`);
const faults = (overrides: object, metadata: object = {}): string[] =>
  texts(rehearseCreate(jobs, draft(overrides, metadata)).errors);

const OWN = {
  'batch.kubernetes.io/controller-uid': 'u-1',
  'batch.kubernetes.io/job-name': 'pi',
  'controller-uid': 'u-1',
  'job-name': 'pi',
};

describe('a new Job', () => {
  it('runs one Pod to its end, tries seven times, and finds its Pods by its uid', () => {
    const { object, errors } = rehearseCreate(jobs, draft());
    expect(errors).toEqual([]);
    expect(object).toMatchObject({
      metadata: { generation: 1 },
      spec: {
        completions: 1,
        parallelism: 1,
        backoffLimit: 6,
        completionMode: 'NonIndexed',
        suspend: false,
        manualSelector: false,
        podReplacementPolicy: 'TerminatingOrFailed',
        selector: { matchLabels: { 'batch.kubernetes.io/controller-uid': 'u-1' } },
        template: { metadata: { labels: OWN } },
      },
      status: {},
    });
  });

  it.each<[reason: string, spec: object, expected: object]>([
    ['of several at once has no number of ends', { parallelism: 3 }, { parallelism: 3, completions: undefined }],
    ['of several ends runs one at a time', { completions: 3 }, { completions: 3, parallelism: 1 }],
    [
      'that counts failures of each index has no limit for all',
      indexed({ backoffLimitPerIndex: 1 }),
      { backoffLimit: 2_147_483_647 },
    ],
    [
      'that judges failures replaces Pods when they have ended',
      { podFailurePolicy: { rules: [{ action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget' }] }] } },
      {
        podReplacementPolicy: 'Failed',
        podFailurePolicy: {
          rules: [{ action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }] }],
        },
      },
    ],
  ])('%s', (_reason, spec, expected) => {
    const { object, errors } = rehearseCreate(jobs, draft(spec));
    expect(errors).toEqual([]);
    expect({ completions: undefined, ...object.spec }).toMatchObject(expected);
  });

  it('takes the labels of its template, where it has none', () => {
    const labels = { app: 'pi' };
    expect(rehearseCreate(jobs, draft(withPods({}, labels))).object.metadata.labels).toEqual({ ...labels, ...OWN });
    expect(rehearseCreate(jobs, draft()).object.metadata.labels).toEqual(OWN);
    expect(rehearseCreate(jobs, draft(withPods({}, labels), { generateName: 'p' })).object.metadata.labels).toEqual(
      labels,
    );
    expect(rehearseCreate(jobs, draft(withPods({}, labels), { labels: { a: 'b' } })).object.metadata.labels).toEqual({
      a: 'b',
    });
  });

  it.each<[reason: string, spec: object, expected: string[]]>([
    [
      'counts nothing below nothing',
      {
        parallelism: -1,
        completions: -2,
        activeDeadlineSeconds: -3,
        backoffLimit: -4,
        ttlSecondsAfterFinished: -5,
      },
      [
        'spec.parallelism: Invalid value: -1: must be greater than or equal to 0',
        'spec.completions: Invalid value: -2: must be greater than or equal to 0',
        'spec.activeDeadlineSeconds: Invalid value: -3: must be greater than or equal to 0',
        'spec.backoffLimit: Invalid value: -4: must be greater than or equal to 0',
        'spec.ttlSecondsAfterFinished: Invalid value: -5: must be greater than or equal to 0',
      ],
    ],
    ['may be run by somebody else', { managedBy: 'example.com/controller' }, []],
    [
      'of whom it says the domain',
      { managedBy: 'controller' },
      ['spec.managedBy: Invalid value: "controller": must be a domain-prefixed path (such as "acme.io/foo")'],
    ],
    [
      'and no more than there is room for',
      { managedBy: `example.com/${'x'.repeat(60)}` },
      ['spec.managedBy: Too long: may not be more than 63 bytes'],
    ],
    [
      'and no nonsense',
      { managedBy: 'Example/ a' },
      [
        expect.stringContaining('spec.managedBy: Invalid value: "Example": a lowercase RFC 1123 subdomain'),
        expect.stringContaining('spec.managedBy: Invalid value: " a": Invalid path (regex used for validation is'),
      ],
    ],
    [
      'has Pods that end',
      { template: { spec: { ...podSpec, restartPolicy: undefined } } },
      ['spec.template.spec.restartPolicy: Required value: valid values: "OnFailure", "Never"'],
    ],
    [
      'numbers its ends or not',
      { completionMode: 'Some' },
      ['spec.completionMode: Unsupported value: "Some": supported values: "NonIndexed", "Indexed"'],
    ],
    [
      'numbers a number of them',
      { completionMode: 'Indexed', parallelism: 2 },
      ['spec.completions: Required value: when completion mode is Indexed'],
    ],
    [
      'numbers only so many at once',
      indexed({ parallelism: 100_001 }),
      ['spec.parallelism: Invalid value: 100001: must be less than or equal to 100000 when completion mode is Indexed'],
    ],
    [
      'lets no more fail than there are',
      indexed({ backoffLimitPerIndex: 1, maxFailedIndexes: 11 }),
      ['spec.maxFailedIndexes: Invalid value: 11: must be less than or equal to completions'],
    ],
    [
      'lets some fail where each may',
      indexed({ maxFailedIndexes: 1 }),
      ['spec.backoffLimitPerIndex: Required value: when maxFailedIndexes is specified'],
    ],
    [
      'of very many says how many may fail',
      indexed({ completions: 100_001, backoffLimitPerIndex: 1, parallelism: 10_001 }),
      [
        'spec.maxFailedIndexes: Required value: must be specified when completions is above 100000',
        'spec.parallelism: Invalid value: 10001: must be less than or equal to 10000 when completions are above 100000 and used with backoff limit per index',
      ],
    ],
    [
      'which is not too many either',
      indexed({ completions: 200_000, backoffLimitPerIndex: 1, maxFailedIndexes: 100_001 }),
      [
        'spec.maxFailedIndexes: Invalid value: 100001: must be less than or equal to 100000',
        'spec.maxFailedIndexes: Invalid value: 100001: must be less than or equal to 10000 when completions are above 100000 and used with backoff limit per index',
      ],
    ],
    [
      'without numbers counts no failures of each',
      { backoffLimitPerIndex: 1, maxFailedIndexes: 1 },
      [
        'spec.backoffLimitPerIndex: Invalid value: 1: requires indexed completion mode',
        'spec.maxFailedIndexes: Invalid value: 1: requires indexed completion mode',
      ],
    ],
  ])('%s', (_reason, overrides, expected) => {
    expect(faults(overrides)).toEqual(expected);
  });

  it('gives Pods of numbers a hostname', () => {
    const name = 'x'.repeat(62);
    expect(faults(indexed({ completions: 1 }), { name })).toEqual([
      `metadata.name: Invalid value: "${name}": will not able to create pod with invalid DNS label: ${name}-0`,
    ]);
    expect(faults({}, { name })).toEqual([]);
  });
});

describe('the selector of a Job', () => {
  it.each<[reason: string, spec: object, expected: string[]]>([
    [
      'is its own, and so are the labels',
      withPods({}, { 'job-name': 'other' }),
      [expect.stringMatching(/^spec\.template\.metadata\.labels\[job-name\]: Invalid value: \{.*\}: must be 'pi'$/)],
    ],
    [
      'selects nothing else',
      { selector: { matchLabels: { app: 'x' } } },
      [
        expect.stringMatching(/^spec\.selector: Invalid value: .*: `selector` not auto-generated$/),
        expect.stringMatching(/^spec\.template\.metadata\.labels: .*: `selector` does not match template `labels`$/),
      ],
    ],
    [
      'is made by hand where the Job says so',
      { manualSelector: true, selector: { matchLabels: { app: 'x' } }, ...withPods({}, { app: 'x' }) },
      [],
    ],
    [
      'and is there then',
      { manualSelector: true },
      [
        'spec.selector: Required value',
        'spec.template.metadata.labels: Invalid value: null: `selector` does not match template `labels`',
      ],
    ],
    [
      'and can be read',
      { manualSelector: true, selector: { matchExpressions: [{ key: 'app', operator: 'Like' }] } },
      ['spec.selector.matchExpressions[0].operator: Invalid value: "Like": not a valid selector operator'],
    ],
  ])('%s', (_reason, overrides, expected) => {
    expect(faults(overrides)).toEqual(expected);
  });

  it('of a Job older than the labels with a prefix needs none', () => {
    const legacy = { 'controller-uid': 'u-1', 'job-name': 'pi' };
    const selector = { matchLabels: { 'controller-uid': 'u-1' } };
    const made = rehearseCreate(jobs, draft({ ...withPods({}, legacy), selector, manualSelector: true })).object;
    const old = { ...made, spec: { ...(made.spec as JobSpec), manualSelector: false } };
    expect(texts(rehearseUpdate(jobs, old, old).errors)).toEqual([]);
  });
});

describe('an update of a Job', () => {
  const changed = (old: Job, overrides: Partial<JobSpec>): Job => ({
    ...old,
    spec: { ...(old.spec as JobSpec), ...overrides },
  });
  const { object: old } = rehearseCreate(jobs, draft());
  const { object: numbered } = rehearseCreate(jobs, draft(indexed({ parallelism: 10 })));
  const update = (before: Job, overrides: Partial<JobSpec>) => {
    const { errors } = rehearseUpdate(jobs, changed(before, overrides), before);
    return texts(errors).map((text) => text.replace(/Invalid value: .*: /, 'Invalid value: …: '));
  };

  it.each<[reason: string, before: Job, overrides: Partial<JobSpec>, expected: string[]]>([
    ['may do more at once, wait less and stop', old, { parallelism: 5, activeDeadlineSeconds: 9, suspend: true }, []],
    [
      'does not change how often it is done',
      old,
      { completions: 2 },
      ['spec.completions: Invalid value: …: field is immutable'],
    ],
    ['but where that is how much at once too', numbered, { completions: 5, parallelism: 5 }, []],
    [
      'and only then',
      numbered,
      { completions: 5 },
      ['spec.completions: Invalid value: …: can only be modified in tandem with spec.parallelism'],
    ],
    [
      'does not number what had none',
      old,
      { completionMode: 'Indexed' },
      ['spec.completionMode: Invalid value: …: field is immutable'],
    ],
    [
      'is not given to another',
      old,
      { managedBy: 'example.com/x' },
      ['spec.managedBy: Invalid value: …: field is immutable'],
    ],
    [
      'does not judge failures otherwise',
      numbered,
      { backoffLimitPerIndex: 1, successPolicy: { rules: [{ succeededCount: 1 }] } },
      [
        'spec.backoffLimitPerIndex: Invalid value: …: field is immutable',
        'spec.successPolicy: Invalid value: …: field is immutable',
      ],
    ],
    [
      'does not select others',
      old,
      { selector: { matchLabels: { 'job-name': 'pi' } } },
      ['spec.selector: Invalid value: …: field is immutable'],
    ],
    [
      'tells twice what is wrong, as upstream does',
      old,
      { parallelism: -1 },
      [
        'spec.parallelism: Invalid value: …: must be greater than or equal to 0',
        'spec.parallelism: Invalid value: …: must be greater than or equal to 0',
      ],
    ],
  ])('%s', (_reason, before, overrides, expected) => {
    expect(update(before, overrides)).toEqual(expected);
  });

  it('is a new generation, and says nothing of the status', () => {
    const { object } = rehearseUpdate(jobs, { ...changed(old, { parallelism: 2 }), status: { active: 3 } }, old);
    expect(object).toMatchObject({ metadata: { generation: 2 }, status: {} });
    expect(object.status).toEqual({});
  });

  describe('of the template', () => {
    const template = (overrides: Partial<PodSpec>, job: Job = old) => ({
      template: { ...job.spec?.template, spec: { ...(job.spec?.template.spec as PodSpec), ...overrides } },
    });
    const suspended = changed(old, { suspend: true });
    const sized = { containers: [{ name: 'c', image: 'busybox', resources: { limits: { cpu: '1' } } }] };
    const placed: Partial<PodSpec> = {
      nodeSelector: { disk: 'ssd' },
      tolerations: [{ key: 'a', operator: 'Exists' }],
      schedulingGates: [{ name: 'example.com/wait' }],
      affinity: {
        nodeAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: {
            nodeSelectorTerms: [{ matchExpressions: [{ key: 'disk', operator: 'Exists' }] }],
          },
        },
      },
    };
    const IMMUTABLE = (path: string) => [`${path}: Invalid value: …: field is immutable`];

    it.each<[reason: string, before: Job, overrides: Partial<PodSpec>, expected: string[]]>([
      ['is none', old, { nodeSelector: { disk: 'ssd' } }, IMMUTABLE('spec.template')],
      ['of a Job at rest may place it', suspended, placed, []],
      ['or give it another size', suspended, sized, []],
      [
        'but runs the same',
        suspended,
        { containers: [{ name: 'c', image: 'other' }] },
        IMMUTABLE('spec.template.spec'),
      ],
      [
        'of one that has begun is none',
        { ...suspended, status: { startTime: '2026-01-01T00:00:00Z' } },
        placed,
        IMMUTABLE('spec.template'),
      ],
      [
        'unless it was stopped again',
        {
          ...suspended,
          status: { startTime: '2026-01-01T00:00:00Z', conditions: [{ type: 'Suspended', status: 'True' }] },
        },
        placed,
        [],
      ],
      ['and its Pods are gone', { ...suspended, status: { active: 1 } }, placed, IMMUTABLE('spec.template')],
    ])('%s', (_reason, before, overrides, expected) => {
      expect(update(before, template(overrides))).toEqual(expected);
    });

    it('takes the nodes of an affinity away, and nothing else of it', () => {
      const podAffinity = {
        requiredDuringSchedulingIgnoredDuringExecution: [
          { topologyKey: 'zone', labelSelector: { matchLabels: { a: 'b' } } },
        ],
      };
      const near = (affinity: PodSpec['affinity']) => changed(suspended, template({ affinity } as Partial<PodSpec>));
      const nodes = { nodeAffinity: placed.affinity?.nodeAffinity as object };
      expect(update(near(nodes), template({ affinity: undefined } as Partial<PodSpec>))).toEqual([]);
      expect(update(near({ ...nodes, podAffinity }), template({ affinity: { podAffinity } }))).toEqual([]);
      expect(update(near({ ...nodes, podAffinity }), template({ affinity: nodes }))).toEqual(
        IMMUTABLE('spec.template.spec'),
      );
    });
  });
});

describe('what a Job warns of', () => {
  const warnings = (next: Job, old?: Job) => jobs.strategy.warnings?.(next as never, old as never);

  it('is its name, too many numbers and its template', () => {
    const huge = indexed({ completions: 100_001, parallelism: 10_001 });
    expect(warnings(draft(huge, { name: 'a.b' }))).toEqual([
      expect.stringContaining('metadata.name: this is used in Pod names and hostnames'),
      expect.stringMatching(/^spec: In Indexed Jobs with a number of completions higher than 10\^5/),
    ]);
    expect(warnings(draft(withPods({ terminationGracePeriodSeconds: -1 })))).toEqual([
      expect.stringContaining('spec.template.spec.terminationGracePeriodSeconds'),
    ]);
    expect(warnings(draft(huge, { generation: 1 }), draft(huge, { generation: 1 }))).toEqual([]);
    expect(warnings(draft(huge, { generation: 2 }), draft(huge, { generation: 1 }))).toHaveLength(1);
  });
});
