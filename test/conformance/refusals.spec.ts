import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { foremostRefusal, isDecidedAtEdge, refusalOf, refusals, statusOfRefusal, type RefusalStage } from '#domain';
import { projectRoot } from '#runtime';

const page = join(projectRoot, 'docs/REFUSALS.md');

const answers: Record<RefusalStage, string> = {
  size: '`413`, or `414` for the URL',
  caller: '`403`',
  form: '`400`',
  later: '`200`: the call is safe; what it means is decided later',
};

const introduction = `# Refusals

Why a postback was not applied. This list is closed and in order of precedence: where several reasons hold, the first
one is the refusal. Every refused call is kept, and the log shows it with its code. Calls of unauthorised callers are
all counted; when there are many, a sample is kept. "Replay" says whether a replay can change the outcome after a
setting has changed.

This page is made from \`libs/domain/reading/refusal.ts\`.
`;

/** Lines of at most 120 columns, because people also read the page as text. */
const wrapped = (text: string, indent: string): string => {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= 120) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(last === undefined ? word : indent + word);
  }
  return lines.join('\n');
};

const renderPage = (): string =>
  [
    introduction,
    ...refusals.map(({ code, stage, sentence, remedy, replayable }) =>
      [
        `## \`${code}\``,
        '',
        wrapped(sentence, ''),
        '',
        wrapped(`- **What to do:** ${remedy}`, '  '),
        `- **The caller is answered:** ${answers[stage]}`,
        `- **Replay:** ${replayable ? 'yes' : 'no'}`,
        '',
      ].join('\n'),
    ),
  ].join('\n');

describe('the list of refusals', () => {
  it('is the page that partner managers read (CAROM_WRITE_DOCS=1 regenerates it)', () => {
    if (process.env['CAROM_WRITE_DOCS'] === '1') writeFileSync(page, renderPage());
    expect(readFileSync(page, 'utf8')).toBe(renderPage());
  });

  it('has each code once, each with a sentence and a remedy', () => {
    expect(new Set(refusals.map(({ code }) => code)).size).toBe(refusals.length);
    for (const { sentence, remedy } of refusals)
      expect([sentence, remedy]).toEqual([expect.stringMatching(/\.$/), expect.stringMatching(/\.$/)]);
  });

  it('decides who calls before what the call says, and that before what it means', () => {
    const order: RefusalStage[] = ['size', 'caller', 'form', 'later'];
    const stages = refusals.map(({ stage }) => order.indexOf(stage));
    expect(stages).toEqual([...stages].sort((a, b) => a - b));
  });

  it('names the first of several', () => {
    expect(foremostRefusal(['status_unmapped', 'secret_wrong', 'nothing_to_identify'])).toBe('secret_wrong');
    expect(foremostRefusal([])).toBeNull();
  });

  it('says how a caller is answered', () => {
    expect(
      ['too_large', 'token_wrong', 'macro_unreplaced', 'click_unknown'].map((code) =>
        statusOfRefusal(refusalOf(code)!.code),
      ),
    ).toEqual([413, 403, 400, 200]);
    expect([isDecidedAtEdge('token_wrong'), isDecidedAtEdge('status_unmapped')]).toEqual([true, false]);
  });
});
