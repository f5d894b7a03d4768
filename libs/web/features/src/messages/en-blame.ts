/** What is said of who set the fields of an object. */
export const blaming = {
  blame: {
    title: 'Who set each field',
    lead: 'As of revision {revision}: {fields, plural, one {# field} other {# fields}}, set by {changes, plural, one {# change} other {# changes}}.',
    find: 'Find a field, a person or a client',
    field: 'Field',
    who: 'Who',
    when: 'When',
    change: 'Change {revision}',
    create: 'created',
    update: 'updated',
    delete: 'deleted',
    unknown: 'before what history keeps',
    incomplete: 'History does not go back to where every field was set. Those set before are marked.',
    more: '{count, plural, one {# more field is} other {# more fields are}} not told.',
    showMore: 'Show {count} more',
    none: 'No field matches',
    gone: 'History does not hold this change',
    goneHint: 'It is older than what history keeps, or you may not see it there.',
  },
} as const;
