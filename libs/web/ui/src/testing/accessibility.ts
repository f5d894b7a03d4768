import axe from 'axe-core';

/** What can be judged without a drawing: colours and sizes cannot. */
const OPTIONS: axe.RunOptions = {
  rules: { 'color-contrast': { enabled: false }, region: { enabled: false } },
  resultTypes: ['violations'],
};

/** What axe has to say about an element, one line a finding. */
export async function accessibilityFindings(element: Element = document.body): Promise<string[]> {
  const { violations } = await axe.run(element, OPTIONS);
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`);
}
