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
  later: '`200`: the call is safe, what it means is decided after it',
};

const introduction = `# Refusals

Why a postback was not applied. This list is closed and in order: where several reasons hold, the first is the one that is told.
Every refused call is kept and stands in the log with its code; calls of unauthorised callers are all counted, and kept as a sample when
there are many. "Replay" says whether reading the kept call again can change the outcome once somebody has changed a setting.

This page is made from \`libs/domain/reading/refusal.ts\`.
`;

const renderPage = (): string =>
  [
    introduction,
    ...refusals.map(({ code, stage, sentence, remedy, replayable }) =>
      [
        `## \`${code}\``,
        '',
        sentence,
        '',
        `- **What to do:** ${remedy}`,
        `- **The caller is answered:** ${answers[stage]}`,
        `- **Replay:** ${replayable ? 'yes' : 'no'}`,
        '',
      ].join('\n'),
    ),
  ].join('\n');

describe('the list of refusals', () => {
  it('is the page that partner managers read (CAROM_WRITE_DOCS=1 writes it anew)', () => {
    if (process.env['CAROM_WRITE_DOCS'] === '1') writeFileSync(page, renderPage());
    expect(readFileSync(page, 'utf8')).toBe(renderPage());
  });

  it('has each code once, each with a sentence and a remedy', () => {
    expect(new Set(refusals.map(({ code }) => code)).size).toBe(refusals.length);
    for (const { sentence, remedy } of refusals)
      expect([sentence, remedy]).toEqual([expect.stringMatching(/\.$/), expect.stringMatching(/\.$/)]);
  });

  it('decides who the caller is before what he says, and what he says before what it means', () => {
    const order: RefusalStage[] = ['size', 'caller', 'form', 'later'];
    const stages = refusals.map(({ stage }) => order.indexOf(stage));
    expect(stages).toEqual([...stages].sort((a, b) => a - b));
  });

  it('tells the first of several', () => {
    expect(foremostRefusal(['status_unmapped', 'secret_wrong', 'nothing_to_identify'])).toBe('secret_wrong');
    expect(foremostRefusal([])).toBeNull();
  });

  it('says what a caller is answered', () => {
    expect(
      ['too_large', 'token_wrong', 'macro_unreplaced', 'click_unknown'].map((code) =>
        statusOfRefusal(refusalOf(code)!.code),
      ),
    ).toEqual([413, 403, 400, 200]);
    expect([isDecidedAtEdge('token_wrong'), isDecidedAtEdge('status_unmapped')]).toEqual([true, false]);
  });
});
