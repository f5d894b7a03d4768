/** What is said of what somebody may do. */
export const rights = {
  rights: {
    missingIn: 'You may not {verb} {subject} in the namespace {namespace}.',
    missingAnywhere: 'You may not {verb} {subject} in the whole cluster.',
    missingOne: 'You may not {verb} {subject} {name}.',
    why: 'Press to see who could allow it.',
    notAllowed: 'not allowed',
    title: 'A right is missing',
    lead: 'For this you need a right that you do not have. Once somebody grants it, this page lets you by itself.',
    verb: 'Verb',
    kind: 'Kind',
    name: 'Name',
    where: 'Where',
    whole: 'the whole cluster',
    inNamespace: 'the namespace {namespace}',
    couldGrant: 'Who could grant it',
    asking: 'Asking…',
    nobody: 'Nobody who is bound by a role can grant this; an administrator of the installation can.',
    unknown: 'Who could grant it may not be told to you. Ask an administrator. The server says: {message}',
    request: 'What to ask for',
    visible: 'You see {count, plural, one {# namespace} other {# namespaces}}',
    visibleHint:
      'This list holds what is in the namespaces that you may see. Press to learn which right is missing for all of them.',
    whoCould: 'Who could grant this?',
  },
} as const;
