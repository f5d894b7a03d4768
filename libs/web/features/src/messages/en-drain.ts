/** What is said of moving the Pods of a node elsewhere. */
export const drain = {
  drain: {
    drain: 'Drain…',
    dialogTitle: 'Drain {name}?',
    lead: 'The node is cordoned, and its Pods are evicted: their owners start others elsewhere, no faster than disruption budgets allow.',
    submit: 'Drain',
    loading: 'Looking at its Pods…',
    nothing: 'No Pods run on it',
    summary:
      '{goes, plural, =0 {No Pods go} one {# Pod goes} other {# Pods go}}{held, plural, =0 {} one {, # of them held by its budget now} other {, # of them held by their budgets now}}; {stays, plural, =0 {none stays} one {# stays} other {# stay}}.',
    running: '{name} is being drained already.',
    consentFirst: 'First agree to what is lost.',
    consent: {
      emptyDir: 'Lose what Pods hold in emptyDir volumes',
      unmanaged: 'Lose Pods that no controller makes again',
    },
    preview: 'What becomes of its Pods',
    pod: 'Pod',
    outcome: 'Outcome',
    budget: 'Budget',
    goes: 'Goes',
    stays: { daemon: 'Stays: of a DaemonSet', mirror: 'Stays: a static Pod of the node' },
    loses: { emptyDir: 'emptyDir data is lost', unmanaged: 'Lost: nobody makes it again' },
    verdict: {
      allows: 'Allows it',
      waits: 'Allows it when others are back',
      blocks: 'Blocks it: {has, number} healthy, {needs, number} needed',
      several: 'Blocks it: more than one budget guards it',
    },
    title: 'Drain',
    phase: { running: 'Draining', done: 'Drained', stopped: 'Stopped', failed: 'Failed' },
    counts:
      '{gone, number} of {total, plural, one {# Pod} other {# Pods}} gone{refused, plural, =0 {} other {, # held by budgets}}',
    state: {
      waiting: 'Waiting',
      asked: 'Asking',
      refused: 'Refused, asked again in 5 s',
      leaving: 'Leaving',
      gone: 'Gone',
      failed: 'Failed',
    },
    said: 'What the server said',
    stop: 'Stop',
    stoppedHint: 'Pods that were evicted already are not brought back, and the node stays cordoned.',
    dismiss: 'Dismiss',
  },
} as const;
