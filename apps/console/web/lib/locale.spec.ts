import { afterEach, expect, it } from '@jest/globals';
import { pageLocale, repairBrowserLanguage } from './locale';

/** Node has no `navigator.languages` of a browser: the test gives it some. */
const speak = (language: string, languages: string[]): void => {
  Object.defineProperty(globalThis.navigator, 'language', { configurable: true, value: language });
  Object.defineProperty(globalThis.navigator, 'languages', { configurable: true, value: languages });
};
const own = Object.getOwnPropertyDescriptors(Object.getPrototypeOf(globalThis.navigator) as object);
afterEach(() => {
  for (const name of ['language', 'languages'] as const)
    Object.defineProperty(globalThis.navigator, name, { ...own[name], configurable: true });
});

it('a browser with an invalid language gets a valid one, so that charts and dates are drawn', () => {
  speak('en-US@posix', ['en-US@posix', 'de']);
  repairBrowserLanguage();
  expect([navigator.language, navigator.languages]).toEqual(['de', ['de']]);
  speak('C', ['C']);
  repairBrowserLanguage();
  expect(navigator.language).toBe(pageLocale);
});

it('a valid language stays as it is', () => {
  speak('pt-BR', ['pt-BR', 'en']);
  repairBrowserLanguage();
  expect([navigator.language, navigator.languages]).toEqual(['pt-BR', ['pt-BR', 'en']]);
});
