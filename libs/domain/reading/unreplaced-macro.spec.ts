import { describe, expect, it } from '@jest/globals';
import { isEmptyWord, isNoId, isUnreplacedMacro, withoutMacros } from './unreplaced-macro.js';
import { decodePercent } from './call/text.js';

const zoo = (
  '{sub1} {lead.Sub1} {subids.1} {p:sub} {url(sid)} {amount50%} {amount0.5} {{EXTERNAL_ID}} {{campaign.id}} ${visit_id} ${MFOXCLICKID} ' +
  '#s2# #price# #s2##s3# ##CLICK_ID## ##CPA_AMOUNT## ##SUB_ID_SHORT(action)## ##CPA_AMOUNT##,##RS_AMOUNT## ###KEYWORD### ' +
  '#{click.publisher.clickId} [sub_id1] [CLICK_ID] [[[subid]]] [=XID1=] [%TX%] [%USER:UID%] [+SID+] [:_jv_apid:] %TRACKER% %ID% ' +
  '%CAMPAIGN% %AD_ID% %{app_id} {%X%} !!!clickTime!!! <click_id> __CLICKID__ __CAMPAIGN_ID__ {$click_id} {!tscode!} [[subid]] ' +
  '(S_CLICK_ID) -source- xxc1xx startapp_click_id_placeholder bid_cost REPLACE [REPLACE] OPTIONAL CLICK_ID [PAYOUT] ' +
  'INSERT_TRANSACTION_ID_HERE XXXX YOUR_CLICK_ID REPLACE_ME'
).split(' ');
const spaced = ['{Sub Param 1}', ' {sub1} '];

const asQueryValue = (raw: string) => ({ text: decodePercent(raw), raw, name: 'cid' });

describe('a macro the network did not replace', () => {
  it.each([...zoo, ...spaced])('%s is recognised as it is, encoded once and encoded twice', (macro) => {
    const once = encodeURIComponent(macro);
    for (const raw of [macro, once, encodeURIComponent(once)]) {
      expect([raw, isUnreplacedMacro(asQueryValue(raw), true)]).toEqual([raw, true]);
    }
  });

  it('is also the name of its own parameter', () => {
    expect(isUnreplacedMacro({ text: 'Payout', raw: 'Payout', name: 'payout' }, true)).toBe(true);
  });

  it('keeps the text beside it', () => {
    expect(withoutMacros('12.5,##RS_AMOUNT##')).toBe('12.5,');
  });
});

describe('a real value', () => {
  it.each([
    'k0123456789abcdefghjkmnpqrstvwxy',
    '9f86d081884c7d659a2feaa0c55ad015',
    'order-42',
    'A#42',
    '50%',
    'x',
    '12.5',
    '-5',
    '$12',
    '(12.50)',
    'a_b__c',
    '<3',
    'TX[42]',
    'sale',
    '1,234.56',
    '2026-11-22T10:00:00Z',
    'wUHBK2Q8AJ4N6V1',
    '__',
    '##',
    'Ünïcödé',
  ])('%s is none', (text) => {
    expect(isUnreplacedMacro({ text, raw: encodeURIComponent(text), name: 'cid' }, true)).toBe(false);
  });

  it('may be a word where words are values', () => {
    expect(isUnreplacedMacro({ text: 'payout', raw: 'payout', name: 'status' }, false)).toBe(false);
    expect(isUnreplacedMacro({ text: 'payout', raw: 'payout', name: 'txid' }, true)).toBe(true);
  });
});

describe('a placeholder for nothing', () => {
  it.each([
    '',
    ' ',
    '0',
    '000',
    '0.0',
    'null',
    'NULL',
    'undefined',
    'None',
    'N/A',
    '-',
    '00000000-0000-0000-0000-000000000000',
    '-1',
    'false',
  ])('%p is no id', (text) => expect(isNoId(text)).toBe(true));
  it.each(['01', '10', '0a', 'nullify'])('%p is an id', (text) => expect(isNoId(text)).toBe(false));
  it('may be a number where it is not an id', () => {
    expect(isEmptyWord('0')).toBe(false);
    expect(isEmptyWord('undefined')).toBe(true);
  });
});
